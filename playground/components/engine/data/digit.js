// The ink of a drawing as MNIST would have it, byte by byte as in vae_core/data/drawings/digit.py, which
// says why.

import { clamp, rint, sum } from "../numbers/float32.js";
import { bounds, label, reduced, resized, wayTo } from "./raster.js";

/**
 * @import { Mask } from "./raster.js"
 * @import { Bytes, Grey } from "./raster.js"
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
  return digitOf(reduced(ink, Math.max(1, Math.floor(Math.max(ink.width, ink.height) / COARSE))));
}

// The same of ink that is not too large.
/** @type {(ink: Bytes) => Uint8Array<ArrayBuffer>} */
export function digitOf({ width, height, bytes }) {
  const values = floatsOf(bytes);
  if (contrastOf(values) < FAINT) return new Uint8Array(SIDE * SIDE);
  return evenStrokes(cutOut({ width, height, values }));
}

// Loops over all pixels have functions of their own here: a browser that has made a function fast in
// the midst of its first loop finds the rest of it unknown, and gives up again, at every call.

/** @type {(bytes: Uint8Array) => Float32Array} */
function floatsOf(bytes) {
  const unit = fround(1 / 255);
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < values.length; i++) values[i] = bytes[i] * unit;
  return values;
}

/** @type {(values: Float32Array) => number} */
function contrastOf(values) {
  let low = values[0];
  let high = values[0];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return fround(high - low);
}

// The ink: what is brighter than a share of its level, a mean in which faint pixels hardly count.
/** @type {(grey: Grey) => Mask} */
function inkOf({ width, height, values }) {
  const squares = products(values, values);
  const level = fround(sum(products(squares, values)) / sum(squares));
  return { width, height, on: brighter(values, fround(EDGE * level)) };
}

/** @type {(one: Float32Array, other: Float32Array) => Float32Array} */
function products(one, other) {
  const found = new Float32Array(one.length);
  for (let i = 0; i < found.length; i++) found[i] = one[i] * other[i];
  return found;
}

/** @type {(values: Float32Array, edge: number) => Uint8Array} */
function brighter(values, edge) {
  const on = new Uint8Array(values.length);
  for (let i = 0; i < on.length; i++) on[i] = values[i] > edge ? 1 : 0;
  return on;
}

// The ink without specks, its longer side WORK pixels, with ground on all sides.
/** @type {(ink: Grey) => Grey} */
function cutOut(ink) {
  const mask = inkOf(ink);
  const values = withoutSpecks(ink, mask);
  const { top, bottom, left, right } = bounds(mask);
  const scale = WORK / Math.max(bottom - top, right - left);
  const [height, width] = [bottom - top, right - left].map((side) => Math.ceil((side + 4) * scale));
  const margin = 3 + Math.ceil(1 / scale);
  const [x, y] = [left + margin - 2, top + margin - 2];
  const box = { left: x, top: y, right: x + width / scale, bottom: y + height / scale };
  return resized(padded({ ...ink, values }, margin), width, height, box);
}

// What is left of the ink, and of its mask too, when all specks are gone. Mostly there is none.
/** @type {(ink: Grey, mask: Mask) => Float32Array} */
function withoutSpecks({ values }, mask) {
  const { pieces, areas } = label(mask);
  const least = SPECK * areas.reduce((one, other) => Math.max(one, other));
  if (areas.every((area, piece) => !piece || area >= least)) return values;
  const clean = values.slice();
  for (let i = 0; i < clean.length; i++) {
    if (mask.on[i] && areas[pieces[i]] < least) clean[i] = mask.on[i] = 0;
  }
  return clean;
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
  const depth = raised(wayTo(mask, 0, Math.max(width, height)), -0.5);
  const half = Math.min(2 * meanOf(depth, mask), BLOB * length);
  const scale = (BOX - 2 * HALF_STROKE) / (length - 2 * half);
  const without = wayTo(mask, 1, reach(HALF_STROKE, scale) - half);
  complete(depth, mask, without);

  // Thin parts keep their middle line. Lines thinner yet lead into the corners of thick ends.
  const ridge = ridgeOf({ width, height, values: depth }, fround(0.2 * half));
  const thin = wayTo(ridge, 1, reach(THINNEST, scale));
  return sampled({ width, height, values: evened(depth, thin, half, scale) }, scale);
}

/** @type {(values: Float32Array<ArrayBuffer>, by: number) => Float32Array<ArrayBuffer>} */
function raised(values, by) {
  for (let i = 0; i < values.length; i++) values[i] += by;
  return values;
}

// Outside the ink the depth is negative.
/** @type {(depth: Float32Array, mask: Mask, without: Float32Array) => void} */
function complete(depth, { on }, without) {
  for (let i = 0; i < depth.length; i++) if (!on[i]) depth[i] = 0.5 - without[i];
}

// The depth in finished pixels, of strokes that are as thick as wanted, and nowhere too thin.
/** @type {(depth: Float32Array, thin: Float32Array, half: number, scale: number) => Float32Array} */
function evened(depth, thin, half, scale) {
  const [single, thinnest, thick, wanted] = [scale, THINNEST, half, HALF_STROKE].map(fround);
  const found = new Float32Array(depth.length);
  for (let i = 0; i < depth.length; i++) {
    const stroke = fround(fround(single * fround(depth[i] - thick)) + wanted);
    found[i] = Math.max(stroke, fround(thinnest - fround(single * thin[i])));
  }
  return found;
}

/** @type {(values: Float32Array, mask: Mask) => number} */
function meanOf(values, mask) {
  const inside = valuesIn(values, mask);
  return fround(sum(inside) / inside.length);
}

/** @type {(values: Float32Array, mask: Mask) => Float32Array} */
function valuesIn(values, { on }) {
  const inside = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < on.length; i++) if (on[i]) inside[count++] = values[i];
  return inside.subarray(0, count);
}

// The farthest from the middle of a stroke that a pixel leaves a trace in the finished digit.
/** @type {(halfStroke: number, scale: number) => number} */
const reach = (halfStroke, scale) => (halfStroke + 0.5 / FINE) / scale + 4;

// Where it is deeper than `least`, and nowhere about deeper.
/** @type {(depth: Grey, least: number) => Mask} */
function ridgeOf({ width, height, values }, least) {
  const on = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] > least)) continue;
    const [row, column] = [Math.floor(i / width), i % width];
    let highest = values[i];
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        highest = Math.max(highest, values[y * width + x]);
      }
    }
    on[i] = values[i] >= highest ? 1 : 0;
  }
  return { width, height, on };
}

// The finished digit: the depth blended at every sample, and samples averaged, with its mass in the middle.
/** @type {(depth: Grey, scale: number) => Uint8Array<ArrayBuffer>} */
function sampled({ width, height, values }, scale) {
  const { rows, columns } = massOf({ width, height, values }, fround(scale));
  const [down, across] = [places(rows, scale), places(columns, scale)];
  const between = new Float32Array(width); // the row of a sample
  const sums = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < down.length; y++) {
    const { first, near, next } = down[y];
    const here = first * width;
    const after = Math.min(first + 1, height - 1) * width;
    for (let x = 0; x < width; x++) between[x] = near * values[here + x] + next * values[after + x];
    for (let x = 0, at = 0; x < SIDE; x++) {
      let four = 0;
      for (const end = at + FINE; at < end; at++) {
        const place = across[at];
        const beside = between[Math.min(place.first + 1, width - 1)];
        const value = fround(place.near * between[place.first] + place.next * beside);
        four = fround(four + clamp(fround(value * FINE + 0.5), 0, 1));
      }
      sums[Math.floor(y / FINE) * SIDE + x] += four;
    }
  }
  return Uint8Array.from(sums, (value) => rint(fround(255 * fround(value / FINE ** 2))));
}

// How much ink there is in each row and each column.
/** @type {(depth: Grey, scale: number) => { rows: Float32Array, columns: Float32Array }} */
function massOf({ width, height, values }, scale) {
  const [rows, columns, row] = [height, width, width].map((count) => new Float32Array(count));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      row[x] = clamp(fround(fround(values[y * width + x] / scale) + 0.5), 0, 1);
      columns[x] += row[x];
    }
    rows[y] = sum(row);
  }
  return { rows, columns };
}

// Between which two pixels of one axis each sample of the digit lies, and how much it takes of each.
// Where the mass is so uneven that ink would leave the picture, it comes as near as it can.
/** @type {(ink: Float32Array, scale: number) => { first: number, near: number, next: number }[]} */
function places(ink, scale) {
  const low = ink.findLastIndex(Boolean) + 0.5 - (SIDE - 0.5 - CENTRE) / scale;
  const high = ink.findIndex(Boolean) - 0.5 + (CENTRE + 0.5) / scale;
  const mass = ink.reduce((so, value, i) => so + value * i, 0) / sum(ink);
  const middle = Math.min(Math.max(mass, low), Math.max(low, high));
  return Array.from({ length: SIDE * FINE }, (_, i) => {
    const place = clamp(middle + ((i + 0.5) / FINE - 0.5 - CENTRE) / scale, 0, ink.length - 1);
    const first = Math.floor(place);
    return { first, near: fround(1 - (place - first)), next: fround(Math.max(1 - (first + 1 - place), 0)) };
  });
}
