// Parts of the page that are loaded when they are first needed.

import { ask, once } from "../engine/wire.js";
import { lasting, served } from "../state/models.js";
import { make } from "./elements.js";

const GONE = "This part of the page cannot be loaded. The page may have been updated since you opened it, or its server be stopped: reload the page.";

// A function that gives what `load` does, a promise, and asks it once. If it fails, it throws an
// Error whose message can be shown to people, and the next call tries again.
/** @type {<Loaded>(load: () => Promise<Loaded>) => () => Promise<Loaded>} */
export function late(load) {
  return once(() => load().catch((cause) => {
    throw new Error(GONE, { cause });
  }));
}

// Plotly's script, the plotly package's own: loaded when the first chart is seen, never as the page opens.

// A promise of Plotly; an Error whose message can be shown to people, if it cannot be loaded.
export const plotly = late(async () => {
  const { content } = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=plotly]"));
  const address = served() ? content : URL.createObjectURL(await (await ask(lasting(content))).blob());
  const script = make("script", { src: address });
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  }).finally(() => script.remove());
  return /** @type {any} */ (window).Plotly;
});

const SIGNS = ["pointermove", "pointerdown", "touchstart", "wheel", "scroll", "keydown"];

// A page that has only just opened has its cards to show, also in a window so tall that a chart is in it.
const somebody = new Promise((resolve) => {
  for (const sign of SIGNS) addEventListener(sign, resolve, { once: true, passive: true, capture: true });
});

// Calls back with true when the element comes into the window, and with false when it leaves it, once
// the visitor has moved anything; until `signal` is aborted.
/** @type {(element: Element, callback: (viewed: boolean) => unknown, signal: AbortSignal) => void} */
export function onView(element, callback, signal) {
  const observer = new IntersectionObserver((entries) => callback(entries[entries.length - 1].isIntersecting));
  somebody.then(() => signal.aborted || observer.observe(element));
  signal.addEventListener("abort", () => observer.disconnect());
}
