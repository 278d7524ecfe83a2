// The pictures of the compression chapter: of every model and size, and those of files.

import { SIDE } from "../../../state/input.js";
import { mark } from "../../../ui/choices.js";
import { make } from "../../../ui/elements.js";
import { decibels } from "../../../ui/numbers.js";
import { paintGrey, paintNothing } from "../../../ui/pixels.js";

// Rows of models, columns of sizes: each picture with its error below.
export function sizesGrid({ kinds, numbers }, focus) {
  const heads = numbers.map((number, i) => {
    const button = make("button", { type: "button", ariaLabel: `${number} number${number === 1 ? "" : "s"}` }, String(number));
    for (const type of ["click", "focus"]) button.addEventListener(type, () => focus(i));
    return button;
  });
  const cells = kinds.map((kind) => numbers.map((number, i) => {
    const canvas = make("canvas", { className: "pixels", role: "img", ariaLabel: `${kind.label}, ${number} numbers` });
    const error = make("span", { className: "value" }, "–");
    const cell = make("div", { className: "cell" }, canvas, error);
    cell.addEventListener("pointerenter", () => focus(i));
    return { cell, canvas, error };
  }));
  const label = (...words) => make("div", { className: "label" }, ...words);
  const element = make("div", { className: "sizes" }, label("numbers"), ...heads,
    ...kinds.flatMap((kind, row) => [label(mark(kind), kind.label), ...cells[row].map(({ cell }) => cell)]));
  return {
    element,
    show: (own) => cells.forEach((row, i) => row.forEach(({ canvas, error }, k) => {
      const made = own?.made[i][k];
      if (made) paintGrey(canvas, made.picture, own.side);
      else paintNothing(canvas, SIDE);
      error.textContent = made ? short(made.psnr) : "–";
    })),
    at(size) {
      heads.forEach((button, i) => (button.ariaPressed = String(i === size)));
      for (const row of cells) row.forEach(({ cell }, i) => cell.classList.toggle("at", i === size));
    },
  };
}

export function fileCell({ name, bytes, data_bytes: data, picture, psnr: level }, side) {
  const [kind, quality] = name.split("-");
  const words = quality ? `${kind.toUpperCase()}, quality ${quality}` : kind.toUpperCase();
  const canvas = make("canvas", { className: "pixels", role: "img", ariaLabel: words });
  paintGrey(canvas, picture, side);
  return make("figure", {}, canvas, make("figcaption", {}, words,
    make("span", { className: "value" }, `${bytes} bytes, ${data} of them data`),
    make("span", { className: "value" }, decibels(level))));
}

const short = (level) => (Number.isFinite(level) ? level.toFixed(1) : "∞");
