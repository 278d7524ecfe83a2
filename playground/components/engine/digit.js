// The ink of a drawing as MNIST would have it, byte by byte as in vae_core/data/drawing.py, which
// says why.

import { clamp, rint, sum } from "./float32.js";
import { bounds, inverse, label, wayTo } from "./mask.js";
import { reduced, resized } from "./resample.js";

/**
 * @import { Mask } from "./mask.js"
 * @import { Bytes, Grey } from "./resample.js"
 */

const { fround } = Math;

const SIDE = 28; // pixels of a finished digit; the constants down to CENTRE are in this unit
const BOX = 20; // the longer side of its ink
const HALF_STROKE = 1.29; // of its strokes
const THINNEST = 0.9; // half of its thinnest stroke, where a drawing has thick and thin
const CENTRE = 14; // where the ink's mass is balanced, counting pixels from 0

const COARSE = 512; // larger pictures are reduced to between this and its double before work begins
const FAINT = 0.06; // contrast below which a picture is empty; white on black has 1
const EDGE = 0.4; // of the ink's level: brighter is ink
const SPECK = 0.01; // of the largest piece of ink: smaller pieces are dirt
const BLOB = 0.15; // of the ink's length: a half-thickness above is a filled shape's
const WORK = 100; // pixels along the ink's longer side where strokes are measured and evened
const FINE = 4; // samples along a pixel of the finished digit

// White ink on black as a digit of 28x28, black all over if there is none.
/** @type {(ink: Bytes) => Uint8Array<ArrayBuffer>} */
export function toDigit(ink) {
  const { width, height, bytes } = reduced(ink, Math.max(1, Math.floor(Math.max(ink.width, ink.height) / COARSE)));
  const unit = fround(1 / 255);
  const values = Float32Array.from(bytes, (byte) => byte * unit);
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [1, 0]);
  if (fround(high - low) < FAINT) return new Uint8Array(SIDE * SIDE);
  return evenStrokes(cutOut({ width, height, values }));
}

// The ink: what is brighter than a share of its level, a mean in which faint pixels hardly count.
/** @type {(grey: Grey) => Mask} */
function inkOf({ width, height, values }) {
  const squares = values.map((value) => value * value);
  const cubes = values.map((value, i) => squares[i] * value);
  const edge = fround(EDGE * fround(sum(cubes) / sum(squares)));
  return { width, height, on: Uint8Array.from(values, (value) => Number(value > edge)) };
}

// The ink without specks, its longer side WORK pixels, with ground on all sides.
/** @type {(ink: Grey) => Grey} */
function cutOut(ink) {
  const mask = inkOf(ink);
  const { pieces, areas } = label(mask);
  const largest = areas.reduce((one, other) => Math.max(one, other));
  const isSpeck = (/** @type {number} */ piece) => piece > 0 && areas[piece] < SPECK * largest;
  const clean = ink.values.map((value, i) => (isSpeck(pieces[i]) ? 0 : value));
  const { top, bottom, left, right } = bounds({ ...mask, on: mask.on.map((value, i) => (isSpeck(pieces[i]) ? 0 : value)) });
  const scale = WORK / Math.max(bottom - top, right - left);
  const [height, width] = [bottom - top, right - left].map((side) => Math.ceil((side + 4) * scale));
  const margin = 3 + Math.ceil(1 / scale);
  const [x, y] = [left + margin - 2, top + margin - 2];
  const box = { left: x, top: y, right: x + width / scale, bottom: y + height / scale };
  return resized(padded({ ...ink, values: clean }, margin), width, height, box);
}

/** @type {(grey: Grey, margin: number) => Grey} */
function padded({ width, height, values }, margin) {
  const [across, down] = [width + 2 * margin, height + 2 * margin];
  const out = new Float32Array(across * down);
  for (let y = 0; y < height; y++) out.set(values.subarray(y * width, (y + 1) * width), (y + margin) * across + margin);
  return { width: across, height: down, values: out };
}

/** @type {(cut: Grey) => Uint8Array<ArrayBuffer>} */
function evenStrokes(cut) {
  const ink = padded(cut, 12); // room for strokes to grow
  const { width, height } = ink;
  const mask = inkOf(ink);
  const { top, bottom, left, right } = bounds(mask);
  const length = Math.max(bottom - top, right - left);

  // The way to the nearest edge, positive in the ink; growing and thinning only shift it.
  const within = wayTo(inverse(mask), Math.max(width, height)).map((way) => way - 0.5);
  const inside = within.filter((_, i) => mask.on[i]);
  const half = Math.min(2 * fround(sum(inside) / inside.length), BLOB * length);
  const scale = (BOX - 2 * HALF_STROKE) / (length - 2 * half);
  const without = wayTo(mask, reach(HALF_STROKE, scale) - half);
  const depth = within.map((value, i) => (mask.on[i] ? value : 0.5 - without[i]));

  // Thin parts keep their middle line. Lines thinner yet lead into the corners of thick ends.
  const thick = fround(0.2 * half);
  const highest = maximum({ width, height, values: depth });
  const ridge = { width, height, on: Uint8Array.from(depth, (value, i) => Number(value >= highest[i] && value > thick)) };
  const thin = wayTo(ridge, reach(THINNEST, scale));
  const single = fround(scale);
  const grown = depth.map((value, i) => {
    const stroke = fround(fround(single * fround(value - fround(half))) + fround(HALF_STROKE));
    return Math.max(stroke, fround(fround(THINNEST) - fround(single * thin[i])));
  }); // in finished pixels now
  return sampled({ width, height, values: grown }, scale);
}

// The farthest from the middle of a stroke that a pixel leaves a trace in the finished digit.
/** @type {(halfStroke: number, scale: number) => number} */
const reach = (halfStroke, scale) => (halfStroke + 0.5 / FINE) / scale + 4;

// The largest of each pixel and its eight neighbours.
/** @type {(grey: Grey) => Float32Array} */
function maximum({ width, height, values }) {
  const wide = values.map((value, i) => {
    const [before, after] = [i % width ? values[i - 1] : value, (i + 1) % width ? values[i + 1] : value];
    return Math.max(value, before, after);
  });
  return wide.map((value, i) => Math.max(value, wide[i < width ? i : i - width], wide[i < width * (height - 1) ? i + width : i]));
}

// The finished digit: the depth blended at every sample, and samples averaged, with its mass in the middle.
/** @type {(depth: Grey, scale: number) => Uint8Array<ArrayBuffer>} */
function sampled({ width, height, values }, scale) {
  const single = fround(scale);
  const covered = values.map((value) => clamp(fround(fround(value / single) + 0.5), 0, 1));
  const rows = Float32Array.from({ length: height }, (_, y) => sum(covered.subarray(y * width, (y + 1) * width)));
  const columns = new Float32Array(width);
  covered.forEach((value, i) => (columns[i % width] += value));
  const [down, across] = [places(rows, scale), places(columns, scale)];
  const fine = SIDE * FINE;
  const between = new Float32Array(width); // the row of a sample
  const sums = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < fine; y++) {
    const { first, near, next } = down[y];
    const after = Math.min(first + 1, height - 1);
    for (let x = 0; x < width; x++) between[x] = near * values[first * width + x] + next * values[after * width + x];
    for (let x = 0; x < SIDE; x++) {
      let four = 0;
      for (const place of across.slice(FINE * x, FINE * (x + 1))) {
        const value = fround(place.near * between[place.first] + place.next * between[Math.min(place.first + 1, width - 1)]);
        four = fround(four + clamp(fround(value * FINE + 0.5), 0, 1));
      }
      sums[Math.floor(y / FINE) * SIDE + x] += four;
    }
  }
  return Uint8Array.from(sums, (value) => rint(fround(255 * fround(value / FINE ** 2))));
}

// Between which two pixels of one axis each sample of the digit lies, and how much it takes of each.
// Where the mass is so uneven that ink would leave the picture, it comes as near as it can.
/** @type {(ink: Float32Array, scale: number) => { first: number, near: number, next: number }[]} */
function places(ink, scale) {
  const filled = [...ink.keys()].filter((i) => ink[i]);
  const low = filled[filled.length - 1] + 0.5 - (SIDE - 0.5 - CENTRE) / scale;
  const high = filled[0] - 0.5 + (CENTRE + 0.5) / scale;
  const mass = ink.reduce((so, value, i) => so + value * i, 0) / sum(ink);
  const middle = Math.min(Math.max(mass, low), Math.max(low, high));
  return Array.from({ length: SIDE * FINE }, (_, i) => {
    const place = clamp(middle + ((i + 0.5) / FINE - 0.5 - CENTRE) / scale, 0, ink.length - 1);
    const first = Math.floor(place);
    return { first, near: fround(1 - (place - first)), next: fround(Math.max(1 - (first + 1 - place), 0)) };
  });
}
