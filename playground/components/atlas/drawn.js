// The visitor's drawing among the digits: what the model sees, and the five nearest.

import { nearest } from "../engine/latent/neighbours.js";
import { coder } from "../state/coders.js";
import { SIDE, noisyDigit } from "../state/input.js";
import { atlasLatents } from "../state/sampling.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { paintThumb, thumb } from "./pictures.js";

// The digits with the codes nearest to the drawing's, among those on the map with these `labels`:
// their numbers, weights, distances and classes, and what the model sees; null while the canvas is
// empty.
export async function placeDrawing(model, labels) {
  const seen = noisyDigit.value;
  if (!seen) return null;
  const { name } = model;
  const [{ size, latents }, { mean }] = await Promise.all([atlasLatents(model), coder(name).encode(seen.image, 1)]);
  const near = nearest(latents.subarray(0, size * labels.length), mean);
  return { ...near, labels: near.indices.map((i) => labels[i]), seen: seen.picture };
}

export class Drawn {
  // `calls`: goTo(index), look(index or -1).
  constructor(element, classes, calls) {
    this.find = (selector) => element.querySelector(selector);
    this.element = element;
    this.classes = classes;
    this.calls = calls;
    this.near = null;
    this.thumbs = [];
  }

  show(placed, pictures) {
    this.element.classList.toggle("none", !placed);
    this.near = placed;
    this.pictures = pictures;
    if (placed) paintGrey(this.find(".seen canvas"), placed.seen, SIDE);
    else paintNothing(this.find(".seen canvas"), SIDE);
    this.find(".ruling").textContent = placed ? verdict(this.near.labels) : "Draw a digit, and it appears on the map.";
    this.thumbs = placed ? this.neighbours() : [];
    this.find(".near").replaceChildren(...this.thumbs);
    if (placed) pictures.hurry(placed.indices);
    this.paint();
  }

  neighbours() {
    const { indices, labels, distances } = this.near;
    return indices.map((index, at) => {
      const far = distances[at].toPrecision(2);
      const button = thumb(
        `Go to neighbour ${at + 1}, a ${labels[at]} at distance ${far}`,
        `${labels[at]} · ${far}`,
        this.classes[labels[at]],
        { act: () => this.calls.goTo(index), look: (on) => this.calls.look(on ? index : -1) },
      );
      button.dataset.index = index;
      return button;
    });
  }

  paint() {
    for (const button of this.thumbs) paintThumb(button, this.pictures.get(Number(button.dataset.index)));
  }
}

// What most of the neighbours are.
function verdict(labels) {
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [[label, count]] = [...counts].sort(([, a], [, b]) => b - a);
  return count === labels.length ? `All ${count} are ${label}s.` : `${count} of ${labels.length} are ${label}s.`;
}
