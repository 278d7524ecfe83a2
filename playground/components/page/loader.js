// Brings a component onto the page when its place is first seen, and ends it when its place goes.

import { whenBack } from "../engine/wire.js";
import { declare } from "../state/link.js";
import { make } from "../ui/elements.js";

const UPDATED = "This page has been updated since you opened it. Reload it to go on; your drawing stays.";
const SILENT = "This part of the page has not come: its server did not answer. Reload the page once it does; all that is on show stays.";

const mounted = new Map(); // element -> { markup, life, placed }: what it looked like at first, and until when it works

// Loads `styles` and `scripts`, lists of addresses, and mounts the first of the scripts. It hears
// of `signal`, which ends with its place on the page, beside its props; and it gives, or promises,
// what a link says of it, as a table: see state/link.js.
export async function load(element, { scripts, styles }, gradio) {
  const { signal } = begin(element);
  for (const href of scripts) document.head.append(make("link", { rel: "modulepreload", href }));
  let script;
  try {
    [script] = await Promise.all([import(new URL(scripts[0], document.baseURI)), ...styles.map(styled)]);
  } catch {
    if (!signal.aborted) await offerReload(element, scripts[0]);
    return;
  }
  if (!signal.aborted) declare(pathOf(scripts[0]), await script.mount(element, { ...gradio, signal }));
}

// Such as "walk/walk": a folder and a name.
const pathOf = (script) => script.replace(/\.js$/, "").split("/").slice(-2).join("/");

// Mounted once more in the same place, a component starts from the markup that it first had.
function begin(element) {
  const before = mounted.get(element);
  before?.life.abort();
  if (before) element.innerHTML = before.markup;
  const life = new AbortController();
  mounted.set(element, { markup: before?.markup ?? element.innerHTML, life, placed: element.isConnected });
  return life;
}

function endThoseThatLeft() {
  for (const [element, place] of mounted) {
    place.placed ||= element.isConnected;
    if (!place.placed || element.isConnected) continue;
    place.life.abort();
    mounted.delete(element);
  }
}

new MutationObserver(endThoseThatLeft).observe(document.body, { subtree: true, childList: true });

const sheets = new Map(); // address -> a promise of the style sheet

function styled(href) {
  if (document.querySelector(`link[rel=stylesheet][href="${href}"]`)) return sheets.get(href);
  const sheet = make("link", { rel: "stylesheet", href });
  sheets.set(href, new Promise((resolve, reject) => {
    sheet.addEventListener("load", resolve);
    sheet.addEventListener("error", reject);
  }));
  document.head.append(sheet);
  return sheets.get(href);
}

// After an update the files of the version that is open are gone.
async function offerReload(element, script) {
  const gone = await fetch(script, { method: "HEAD" }).then(({ status }) => status === 404, () => {
    whenBack();
    return false;
  });
  const button = make("button", { type: "button", className: "plain" }, "Reload the page");
  button.addEventListener("click", () => location.reload());
  element.replaceChildren(make("p", { role: "alert" }, gone ? UPDATED : SILENT), button);
}
