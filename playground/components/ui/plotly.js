// Plotly's script, the plotly package's own: loaded when the first chart is seen, never as the page opens.

import { make } from "./elements.js";
import { late } from "./late.js";

// A promise of Plotly; an Error whose message can be shown to people, if it cannot be loaded.
export const plotly = late(async () => {
  const address = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=plotly]"));
  const script = make("script", { src: address.content });
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
