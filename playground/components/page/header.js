// The bar at the top: the buttons for links, presenting and the theme, the link that was opened, and
// whether the server has time.

import { server } from "../engine/wire.js";
import { keep, recall } from "../state/memory.js";
import { fact } from "../state/models.js";
import { dark, onTheme } from "../ui/canvas.js";
import { typing } from "../ui/elements.js";
import { late } from "../ui/late.js";
import { keepAddress } from "./history.js";

const THEME = "theme";
const TOURED = "tour-seen";
const SIGNS = ["focusin", "pointerover", "dragenter"]; // of somebody who may want an explanation, or lose the focus
const BUSY = "The server is busy, so answers take longer.";
const GONE = "The server does not answer. What is open goes on without it; training, t-SNE and what was not opened before wait for it.";
const BACK = "The server is back.";
const LONG = 6000; // ms that the last of these stays

export function mount(element, { signal }) {
  const find = (selector) => element.querySelector(selector);
  const complaint = find(".complaint");
  let lecture = null; // presenter mode, once it was used
  let last = ""; // the fragment that was opened last
  let saying = 0;

  const attend = late(async () => {
    const [hints, focus, scroll, dropped] = await Promise.all([
      import("../ui/hints.js"), import("./focus.js"), import("./scroll.js"), import("./dropped.js"),
    ]);
    hints.explain(document.querySelector(".gradio-container"), signal);
    focus.keepFocus(signal);
    scroll.keepScroll(signal);
    dropped.takeCheckpoints(go, say, signal);
  });
  const tour = late(async () => {
    const [script, { stops }] = await Promise.all([import("./tour.js"), told()]);
    return script.tour(find("[data-do=tour]"), find(".tour"), stops, go, signal);
  });
  const copier = late(async () => (await import("./copy.js")).copier(find(".address"), say));
  const keys = late(() => import("./keys.js"));
  const presenter = late(async () => {
    const [script, { steps }] = await Promise.all([import("./presenter.js"), told()]);
    lecture = script.presenter(find("[data-do=present]"), find(".steps"), find(".step-question"), steps, go, signal);
    lecture.opened(last);
    return lecture;
  });

  keepLanguage(signal);

  function say(words, longest) {
    clearTimeout(saying);
    find(".said").textContent = words;
    if (longest) saying = setTimeout(() => say(""), longest);
  }

  function complain(sentences) {
    complaint.querySelector("p").textContent = sentences.length ? `Not all of the link could be used. ${sentences.join(" ")}` : "";
    complaint.querySelector("button").hidden = !sentences.length;
  }

  async function copy(kind, button) {
    try {
      await (await copier())(kind, button);
    } catch (error) {
      say(error.message);
    }
  }

  async function startTour() {
    find("[data-do=tour]").classList.remove("new");
    keep(TOURED, "1");
    try {
      (await tour())();
    } catch (error) {
      say(error.message);
    }
  }

  const presenting = () => document.documentElement.classList.contains("presenting");

  async function present(on) {
    if (on === presenting()) return;
    try {
      (await presenter()).show(on);
    } catch (error) {
      say(error.message);
    }
  }

  function key(event) {
    const { target, defaultPrevented, ctrlKey, metaKey, altKey } = event;
    const pressed = event.key.toLowerCase();
    if (!["p", "?"].includes(pressed) || defaultPrevented || ctrlKey || metaKey || altKey) return;
    if (typing(target) || somethingIsOpen()) return;
    event.preventDefault();
    if (pressed === "p") present(!presenting());
    else keys().then(({ showKeys }) => showKeys()).catch((error) => say(error.message));
  }

  serverNotice(find(".busy"), signal);
  for (const sign of SIGNS) document.addEventListener(sign, () => attend().catch(() => {}), { once: true, signal });
  find("[data-do=skip]").addEventListener("click", () => {
    document.querySelector("#tabs [role=tab][aria-selected=true]").focus();
  });
  themeButton(find("[data-do=theme]"), signal);
  for (const [name, kind] of [["link", "link"], ["embed", "frame"]]) {
    const button = find(`[data-do=${name}]`);
    button.addEventListener("click", () => copy(kind, button));
  }
  find("[data-do=tour]").classList.toggle("new", recall(TOURED) === null);
  find("[data-do=tour]").addEventListener("click", startTour);
  find("[data-do=present]").addEventListener("click", () => present(!presenting()));
  document.addEventListener("keydown", key, { signal });
  complaint.querySelector("button").addEventListener("click", () => complain([]));
  // A step of the lesson is an address like any other, so the browser's own buttons go through them too.
  const go = keepAddress({
    busy: (busy) => (complaint.ariaBusy = String(busy)),
    opened(fragment) {
      last = fragment;
      lecture?.opened(fragment);
    },
    complain,
  }, signal);
  const wanted = new URLSearchParams(location.search).get("embed");
  if (wanted) {
    document.documentElement.classList.add("embedded");
    import("./embed.js").then(({ embed }) => embed(wanted, go, complain, signal)).catch(reportError);
  }
  return [{ name: "present", kind: "switch", get: () => presenting() || null, set: present }];
}

// The stops of the tour and the steps of a lesson.
const told = late(async () => (await fact("tour")).json());

const somethingIsOpen = () => document.querySelector("dialog[open], [popover]:popover-open:not(.tip)") !== null;

// Shows whether the server is busy, as its latest reply had it, and whether it is there at all.
function serverNotice(element, signal) {
  let gone = false;
  let timer = 0;

  function say(words) {
    clearTimeout(timer);
    if (element.textContent !== words) element.textContent = words;
  }

  server.addEventListener("busy", ({ detail: busy }) => {
    if (!gone && (busy || element.textContent === BUSY)) say(busy ? BUSY : "");
  }, { signal });
  server.addEventListener("gone", ({ detail }) => {
    gone = detail;
    say(gone ? GONE : BACK);
    if (!gone) timer = setTimeout(() => say(""), LONG);
  }, { signal });
}

// Light or dark: the visitor's choice if there is one, else the system's.
function themeButton(button, signal) {
  // Gradio follows the system; a choice made here outranks it.
  function show() {
    const theme = recall(THEME);
    if (theme) document.body.classList.toggle("dark", theme === "dark");
    button.setAttribute("aria-pressed", String(dark()));
  }

  show();
  onTheme(show, signal);
  button.addEventListener("click", () => {
    keep(THEME, dark() ? "light" : "dark");
    show();
  });
}

// The language that the page says it is in: its own, whatever the browser's is.

const LANGUAGE = "en";

// Gradio translates its own few words, and then names their language as that of the whole page
// (svelte-i18n, as of Gradio 6.31). One that a translator names stays: the words are in it.
function keepLanguage(signal) {
  const root = document.documentElement;
  const put = () => {
    const translated = [...root.classList].some((name) => name.startsWith("translated-"));
    if (!translated && root.lang !== LANGUAGE) root.lang = LANGUAGE;
  };
  const observer = new MutationObserver(put);
  observer.observe(root, { attributeFilter: ["lang", "class"] });
  signal.addEventListener("abort", () => observer.disconnect());
  put();
}
