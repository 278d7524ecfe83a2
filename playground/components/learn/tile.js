// A small picture with a line below it, as figures show them.

import { make } from "../ui/make.js";

// The line is also what a screen reader hears of the picture. `write` changes it.
export function tile(words) {
  const canvas = make("canvas", { className: "pixels" });
  const caption = make("figcaption", {}, words);
  const write = (line) => caption.textContent !== line && (caption.textContent = line);
  return { element: make("figure", { className: "tile" }, canvas, caption), canvas, caption, write };
}
