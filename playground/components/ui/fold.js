// On a phone settings are folded behind one line, so that what they set is on the first screen.

import { make } from "./elements.js";

// A button that unfolds what has the class "folds" in `zone`; on a desk all of that is there.
/** @type {(zone: HTMLElement, words: string) => HTMLButtonElement} */
export function foldButton(zone, words) {
  const button = make("button", { type: "button", className: "plain fold-button", ariaExpanded: "false" }, words);
  zone.classList.add("folding");
  button.addEventListener("click", () => {
    const folded = zone.classList.toggle("folding");
    button.ariaExpanded = String(!folded);
  });
  return button;
}
