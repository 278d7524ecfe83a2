// What a cell could be: for each code the patch of the picture around it, which a click takes.

import { make } from "../../../ui/elements.js";
import { paintGrey, paintNothing } from "../../../ui/pixels.js";

const PATCH = 8; // pixels a side: a cell with half of its neighbours, where most of a change is

export function pieces(count, side, take) {
  const all = Array.from({ length: count }, (_, code) => {
    const canvas = make("canvas", { className: "pixels" });
    const button = make("button", { type: "button", ariaLabel: `Code ${code}` }, canvas, make("span", {}, String(code)));
    button.addEventListener("click", () => take(code));
    return { button, canvas };
  });
  const element = make("div", { className: "pieces", role: "group", ariaLabel: "What this cell could be" }, ...all.map(({ button }) => button));

  // The pictures with each code in the cell, the code it has, the one that the encoder gave it, and the
  // middle of the cell in pixels, its row first.
  function show(pictures, now, given, middle) {
    all.forEach(({ button, canvas }, code) => {
      button.disabled = !pictures;
      button.ariaPressed = String(Boolean(pictures) && code === now);
      button.toggleAttribute("data-given", code === given);
      if (pictures) paintGrey(canvas, patch(pictures[code], side, middle), PATCH);
      else paintNothing(canvas, PATCH);
    });
  }

  show(null);
  return { element, show };
}

// The patch around a place, black outside of the picture.
function patch(picture, side, [row, col]) {
  const [top, left] = [row, col].map((each) => Math.round(each - PATCH / 2));
  const found = new Uint8Array(PATCH * PATCH);
  for (let i = 0; i < found.length; i++) {
    const [y, x] = [top + Math.floor(i / PATCH), left + (i % PATCH)];
    if (y >= 0 && y < side && x >= 0 && x < side) found[i] = picture[y * side + x];
  }
  return found;
}
