// What variational models pay for the drawing.

import { costsOf, floorOf } from "../../../engine/evaluation/costs.js";
import { coder } from "../../../state/coders.js";
import { noisyDigit } from "../../../state/input.js";
import { make } from "../../../ui/elements.js";
import { nats } from "../../../ui/numbers.js";

export const MODELS = [["vae-20", "Variational"], ["conv-vae-20", "Conv VAE"], ["vae-2", "Variational 2-D"]];

// { floor, models }, where each of the models has its costs, its `picture`, and the `rates`, `mean`
// and `spread` of its code; null while the canvas is empty. Maps at different beta may be among them.
export async function askCosts(models) {
  const seen = noisyDigit.value;
  if (!seen) return null;
  const found = await Promise.all(models.map(async (name) => {
    const costs = await costsOf(await answering(name), seen.image);
    return { ...costs, ...costs.cloud, name };
  }));
  return { floor: floorOf(seen.image), models: found };
}

// The server knows the maps by no name, so that there is nobody to ask until they are here.
async function answering(name) {
  if (!name.startsWith("beta-")) return coder(name);
  const model = coder(`experiments/${name}`);
  await model.ready;
  return model;
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
