// A slider with its name and its value in words.

import { make } from "../../../ui/make.js";

// `write` puts the value into words; `moved` hears of every movement by hand.
export function slider(words, min, max, step, value, write, moved) {
  const range = make("input", { type: "range", min, max, step, value, ariaLabel: words });
  const output = make("output", { ariaLive: "off" });
  const show = () => {
    output.textContent = write(Number(range.value));
    range.setAttribute("aria-valuetext", output.textContent);
  };
  range.addEventListener("input", () => {
    show();
    moved();
  });
  show();
  return {
    element: make("label", { className: "field" }, make("span", {}, words), range, output),
    value: () => Number(range.value),
    set(to) {
      range.value = to;
      show();
    },
  };
}
