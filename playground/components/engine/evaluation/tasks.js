// Measures of a coloured digit, and of one that was found. Mirrors
// vae_core/evaluation/task_metrics.py.

import { dot } from "../numbers/float32.js";

/** @typedef {ArrayLike<number>} Colour red, green and blue from 0 to 1 */

export const WHITE_FROM = 0.5; // a pixel as bright as this belongs to the stroke
const LEVELS = 256; // brightnesses that a threshold is tried at

// The colour by which a grey picture must be multiplied to come nearest to a coloured one, which has
// its channels one after the other.
/** @type {(picture: Float32Array, grey: Float32Array) => Float32Array} */
export function colourOf(picture, grey) {
  const squares = Math.max(dot(grey, grey), 1e-6);
  return new Float32Array(3).map((_, i) => dot(grey, picture.subarray(i * grey.length, (i + 1) * grey.length)) / squares);
}

// The classes by how near their colours are to this one.
/** @type {(colour: Colour, palette: Colour[]) => number[]} */
export function nearest(colour, palette) {
  const far = palette.map((each) => distance(each, colour));
  return [...palette.keys()].sort((one, other) => far[one] - far[other]);
}

// The shares of three colours in the mixture of them that is nearest to this one.
/** @type {(colour: Colour, corners: Colour[]) => number[]} */
export function mixture(colour, corners) {
  const shares = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]].map((some) => {
    const found = [0, 0, 0];
    on(colour, some.map((i) => corners[i])).forEach((share, i) => (found[some[i]] = share));
    return found;
  });
  const far = (/** @type {number[]} */ each) => distance([0, 1, 2].map((i) => dot(each, corners.map((corner) => corner[i]))), colour);
  return shares.filter((each) => each.every((share) => share >= 0)).reduce((best, each) => (far(each) < far(best) ? each : best));
}

// The shares of one, two or three colours at the nearest point of their line or plane.
/** @type {(colour: Colour, [first, ...others]: Colour[]) => number[]} */
function on(colour, [first, ...others]) {
  const [a, b] = others.map((other) => minus(other, first));
  const away = minus(colour, first);
  if (!a) return [1];
  if (!b) return rest([dot(away, a) / dot(a, a)]);
  const [aa, ab, bb, to, up] = [dot(a, a), dot(a, b), dot(b, b), dot(away, a), dot(away, b)];
  const area = aa * bb - ab * ab;
  return rest([(bb * to - ab * up) / area, (aa * up - ab * to) / area]);
}

/** @type {(shares: number[]) => number[]} */
const rest = (shares) => [1 - shares.reduce((sum, share) => sum + share, 0), ...shares];
/** @type {(one: Colour, other: Colour) => number[]} */
const minus = (one, other) => Array.from(one, (value, i) => value - other[i]);
/** @type {(one: Colour, other: Colour) => number} */
const distance = (one, other) => Math.hypot(...minus(one, other));

// Pixels in both masks over pixels in either; 1 if both are empty.
/** @type {(found: ArrayLike<boolean | number>, truth: ArrayLike<boolean | number>) => number} */
export function intersectionOverUnion(found, truth) {
  let [both, either] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    both += Number(found[i] && truth[i]);
    either += Number(found[i] || truth[i]);
  }
  return either ? both / either : 1;
}

// The threshold that suits a picture best, for those who know the true mask: the darkest of them.
/** @type {(picture: Float32Array, truth: Uint8Array) => { level: number, iou: number, mask: Uint8Array }} */
export function bestThreshold(picture, truth) {
  let best = { level: 0, iou: -1, mask: new Uint8Array() };
  for (let step = 0; step < LEVELS; step++) {
    const level = Math.fround(step / (LEVELS - 1));
    const mask = Uint8Array.from(picture, (white) => Number(white >= level));
    const iou = intersectionOverUnion(mask, truth);
    if (iou > best.iou) best = { level, iou, mask };
  }
  return best;
}
