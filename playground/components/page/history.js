// The address bar always says what is on show, and each tab and chapter is a step of the browser's
// history. Reloading, Back, Forward and a copied address bring all of it back. A first visit has a
// clean address until something is changed.

import { Fragment, written } from "../state/fragment.js";
import { input } from "../state/input.js";
import { abandon, fitting, follow, isComplete, onShow, tabIsThere, takeUp, valuesOn } from "./address.js";

const KEY = "shown"; // in history.state, which survives reloading, and has room for drawings of any length
const APART = 500; // ms between two writes: Safari refuses more than 100 in 30 s
const SELDOM = 2000; // ms after which the page looks by itself: what was chosen may take a while to come
const CHANGES = ["input", "change", "pointerup", "keyup", "wheel"];

// `busy` hears whether an address is being followed, `opened` the fragment of one, and `complain` what
// of it could not be used. Gives a function that opens a link in this page.
export function keepAddress({ busy, opened, complain }, signal) {
  let first = null; // what was on show before anything was changed
  let touched = false; // the visitor was quicker than that was known
  let step; // of the entry of the history; undefined until something is written to it
  let link = ""; // the fragment that it was opened by
  let before = null; // a promise of what was on show when something was last pressed
  let arrivals = 0;
  let following = false;
  let held = false; // a pointer is down
  let timer = 0;
  let queue = Promise.resolve();

  const inTurn = (work) => (queue = queue.then(work).catch(reportError));

  function look() {
    timer ||= setTimeout(() => {
      timer = 0;
      if (!held) inTurn(write); // after a drag there is another look
    }, APART);
  }

  async function write() {
    const now = arrivals;
    if (following || input.opening.value || !isComplete()) return;
    const earlier = before;
    before = null;
    const [was, shown] = [await earlier, await onShow()];
    if (now !== arrivals || following) return;
    const from = step ?? was?.step; // a quick visitor goes elsewhere before anything was written
    if (from && isAnother(shown.step, from)) {
      // What was changed just before is not lost on the way back.
      if (was && String(was.step) === String(from)) await put("replaceState", was);
      link = "";
      await put("pushState", shown);
    } else await put("replaceState", shown);
    takeUp().then((sentences) => sentences.length && complain(sentences)); // which may wait for the tab to come
  }

  async function put(wanted, shown) {
    const how = inFrame() ? "replaceState" : wanted;
    const now = arrivals;
    const values = valuesOn(shown);
    const text = JSON.stringify(values);
    if (!first && !touched && tabIsThere()) first = text;
    const clean = text === first;
    const state = { values, step: shown.step, link, clean };
    if (how === "replaceState" && JSON.stringify(history.state?.[KEY]) === JSON.stringify(state)) {
      step = shown.step; // as it was before the page was loaded again
      return;
    }
    const hash = clean ? "" : `#${written(await fitting(values))}`;
    if (now !== arrivals) return;
    try {
      history[how]({ ...history.state, [KEY]: state }, "", location.pathname + location.search + hash);
      step = shown.step;
    } catch {
      look(); // the browser had enough for the moment
    }
  }

  // The page was loaded, or went through the history, or a link was opened.
  function arrive(loaded) {
    arrivals++;
    before = null;
    const said = history.state?.[KEY];
    const fragment = said ? written(said.values) : location.hash.slice(1);
    step = undefined;
    link = said?.link ?? fragment;
    if (said?.clean && !loaded) first ??= JSON.stringify(said.values);
    // A place on the page, or nothing.
    if (!fragment.includes("=") || (said?.clean && loaded)) {
      stop();
      look();
    } else {
      touched ||= loaded;
      opened(link);
      restore(new Fragment(fragment, said && Infinity)).catch(reportError);
    }
  }

  async function restore(said) {
    const now = arrivals;
    following = true;
    busy(true);
    const sentences = await follow(said);
    if (now !== arrivals || !sentences) return; // the visitor went elsewhere meanwhile
    following = false;
    complain(sentences);
    inTurn(write);
    busy(false);
  }

  // Opens a link, as another step of the history.
  async function go(fragment) {
    busy(true);
    await inTurn(write);
    const how = location.hash === `#${fragment}` || inFrame() ? "replaceState" : "pushState";
    history[how](null, "", `${location.pathname}${location.search}#${fragment}`);
    arrive(false);
  }

  function pressed(event) {
    touched ||= !first;
    const { target } = event;
    const anchor = target.closest("a[href^='#']");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (anchor?.hash.includes("=") && !elsewhere) {
      event.preventDefault();
      go(anchor.hash.slice(1));
    } else if (target.closest("button, a")) {
      if (following && event.isTrusted && target.closest("[role=tab]")) stop(); // the visitor does not wait for it
      if (!following && isComplete()) before = onShow();
      setTimeout(() => inTurn(write)); // once it has had its effect
    }
  }

  // No address is being followed any more.
  function stop() {
    abandon();
    following = false;
    busy(false);
  }

  function hold(down) {
    held = down;
    touched ||= !first;
    look();
  }

  const listen = (name, hear) => addEventListener(name, hear, { signal, capture: true, passive: name !== "click" });
  for (const name of CHANGES) listen(name, look);
  listen("pointerdown", () => hold(true));
  for (const name of ["pointerup", "pointercancel", "blur"]) listen(name, () => hold(false));
  listen("keydown", () => (touched ||= !first));
  listen("click", pressed);
  addEventListener("popstate", () => arrive(false), { signal });
  const clock = setInterval(() => document.visibilityState === "visible" && look(), SELDOM);
  signal.addEventListener("abort", () => clearInterval(clock));
  arrive(true);
  return go;
}

// The steps back from an embedded tab are those of the page around it.
const inFrame = () => document.documentElement.classList.contains("embedded");

// Another tab, or another chapter: but not one that was not known before.
function isAnother([tab, part], [oldTab, oldPart]) {
  return tab !== oldTab || (part ?? oldPart) !== (oldPart ?? part);
}
