// The visitor's drawing among the digits: what the model sees, and the five nearest.

import { input } from "../page/page.js";
import { paintGrey, paintNothing } from "../page/pixels.js";
import { ask, pack, unpack } from "../page/wire.js";
import { thumb } from "./thumb.js";

// The digits with the codes nearest to the drawing's, among the first `points`: their numbers,
// weights, distances and classes, and what the model sees; null while the canvas is empty.
export async function placeDrawing(model, points) {
  if (!input.ink) return null;
  const { width, height, bytes: ink } = input.ink;
  const reply = await ask("live/place", pack({ model, points, noise: input.noise, width, height }, ink));
  const { header, bytes } = unpack(await reply.arrayBuffer());
  return { ...header, seen: bytes(header.side ** 2) };
}

export class Drawn {
  // `calls`: goTo(index), look(index or -1).
  constructor(element, classes, calls) {
    this.find = (selector) => element.querySelector(selector);
    this.element = element;
    this.classes = classes;
    this.calls = calls;
    this.near = null;
  }

  show(placed, pictures) {
    this.element.classList.toggle("none", !placed);
    this.near = placed;
    this.pictures = pictures;
    if (placed) paintGrey(this.find(".seen canvas"), placed.seen, placed.side);
    else paintNothing(this.find(".seen canvas"), 28);
    this.find(".verdict").textContent = placed ? verdict(this.near.labels) : "Draw a digit, and it appears on the map.";
    if (placed) pictures.want([...this.near.indices, ...pictures.later]);
    this.paint();
  }

  paint() {
    if (!this.near) {
      this.find(".near").replaceChildren();
      return;
    }
    const { indices, labels, distances } = this.near;
    this.find(".near").replaceChildren(
      ...indices.map((index, at) => {
        const words = `${labels[at]} · ${distances[at].toPrecision(2)}`;
        const button = thumb(words, this.pictures.get(index), this.classes[labels[at]], {
          act: () => this.calls.goTo(index),
          look: (on) => this.calls.look(on ? index : -1),
        });
        button.setAttribute("aria-label", `Go to neighbour ${at + 1}, a ${labels[at]} at distance ${distances[at].toPrecision(2)}`);
        return button;
      }),
    );
  }
}

// What most of the neighbours are.
function verdict(labels) {
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [[label, count]] = [...counts].sort(([, a], [, b]) => b - a);
  return count === labels.length ? `All ${count} are ${label}s.` : `${count} of ${labels.length} are ${label}s.`;
}
