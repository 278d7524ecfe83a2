// The visitor's drawing among the digits: what the model sees, and the five nearest.

import { pack, unpack } from "../engine/bytes.js";
import { ask } from "../engine/wire.js";
import { input } from "../state/input.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { paintThumb, thumb } from "./pictures.js";

// The digits with the codes nearest to the drawing's, among the first `points`: their numbers,
// weights, distances and classes, and what the model sees; null while the canvas is empty.
export async function placeDrawing(model, points) {
  if (!input.ink.value) return null;
  const { width, height, bytes: ink } = input.ink.value;
  const reply = await ask("live/place", pack({ model, points, noise: input.noise.value, width, height }, ink));
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
    this.thumbs = [];
  }

  show(placed, pictures) {
    this.element.classList.toggle("none", !placed);
    this.near = placed;
    this.pictures = pictures;
    if (placed) paintGrey(this.find(".seen canvas"), placed.seen, placed.side);
    else paintNothing(this.find(".seen canvas"), 28);
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

// Where a drawing falls on a finished map. See `place` in vae_core/embedding.py.

const STEPS = 20;
const SOFT = 4e-4; // keeps a step finite where it lands on a point

// The point whose weighted distances to the neighbours' points have the smallest sum. A mean would
// fall into the empty space between two clusters that share the neighbours.
export function middleOf(points, { indices, weights }) {
  const places = indices.map((i) => points.subarray(3 * i, 3 * i + 3));
  let middle = mean(places, weights);
  for (let step = 0; step < STEPS; step++) {
    const from = middle;
    const pulls = places.map((place, at) => weights[at] / (apart(place, from) + SOFT));
    middle = mean(places, pulls);
  }
  return middle;
}

function mean(places, weights) {
  const sum = new Float32Array(3);
  let total = 0;
  places.forEach((place, at) => {
    total += weights[at];
    for (let axis = 0; axis < 3; axis++) sum[axis] += weights[at] * place[axis];
  });
  return sum.map((value) => value / total);
}

function apart(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
