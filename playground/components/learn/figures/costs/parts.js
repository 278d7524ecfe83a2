// What variational models pay for the drawing: live/costs, taken apart.

import { askOfDrawing, input } from "../../../state/input.js";
import { make } from "../../../ui/elements.js";
import { nats } from "../../../ui/numbers.js";

export const MODELS = [["vae-20", "Variational"], ["conv-vae-20", "Conv VAE"], ["vae-2", "Variational 2-D"]];

// { side, floor, image, models }, where each of the models has its costs, its `picture`, and the
// `rates`, `mean` and `spread` of its code; null while the canvas is empty.
export async function askCosts(models, signal) {
  const reply = await askOfDrawing("costs", { models, noise: input.noise.value, sample: null }, "costs", signal);
  if (!reply) return null;
  const { header, bytes, floats } = reply;
  const image = bytes(header.side ** 2);
  const pictures = header.models.map(() => bytes(header.side ** 2));
  const found = header.models.map((model, i) => (
    { ...model, picture: pictures[i], rates: floats(model.code), mean: floats(model.code), spread: floats(model.code) }
  ));
  return { ...header, image, models: found };
}

// Nats and bits.

const BITS = 1 / Math.LN2; // of a nat

export const inBits = (value) => value * BITS;

export function both(value) {
  return `${nats(value)} nats, ${nats(inBits(value))} bits`;
}

// A slider with its name and its value in words.

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
