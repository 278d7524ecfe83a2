// The ink on paper that is not lit evenly, byte by byte as in vae_core/data/drawings/ground.py, which says why.

import { highest, reduced } from "./raster.js";

/** @import { Bytes } from "./raster.js" */
/** @typedef {{ width: number, height: number, ink: Uint8Array, paper: Uint8Array }} Sheet */

const COARSE = 256; // pixels along the longer side of the picture that the ground is found in, at most
const WIDEST = 11; // of these, an eleventh on each side of a place: what is narrower than both is no ground
const AROUND = 6; // a sixth on each side: where ink and ground are weighed against each other
const DARKEST = 50; // % of the paper's usual light; what has less is no paper but a table, or an edge
const DARK = 64; // of 255: ink is measured against that at least, as the noise of darker ground is large
const FLOOR = 40; // % of the paper's usual light that ink is measured against at least, too

// The ink in a picture, given as its red, green and blue, whose ground may be uneven.
/** @type {(seen: Bytes[]) => Sheet} */
export function sheetIn(seen) {
  const { width, height } = seen[0];
  const factor = Math.ceil(Math.max(width, height) / COARSE);
  const reducedSeen = seen.map((colour) => reduced(colour, factor));
  const [colours, small] = isLightOnDark(brightness(reducedSeen))
    ? [seen.map(inverted), reducedSeen.map(inverted)]
    : [seen, reducedSeen];
  const reach = Math.floor(Math.max(small[0].width, small[0].height) / WIDEST);
  const closed = small.map((colour) => inverted(highest(inverted(highest(colour, reach)), reach)));
  const light = brightness(closed).values;
  const usual = light.slice().sort()[light.length >> 1];
  const least = Math.max(DARK, Math.floor((usual * FLOOR) / 100));
  const ink = new Uint8Array(width * height);
  closed.forEach((colour, i) => inkOver(enlarged(colour, factor, width, height), colours[i].bytes, least, ink));
  return { width, height, ink, paper: paperIn(light, small[0].width, factor, usual, width, height) };
}

/** @type {(light: Int32Array, across: number, factor: number, usual: number, width: number, height: number) => Uint8Array} */
function paperIn(light, across, factor, usual, width, height) {
  const paper = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / factor) * across;
    for (let x = 0; x < width; x++, i++) paper[i] = light[row + Math.floor(x / factor)] * 100 >= usual * DARKEST ? 1 : 0;
  }
  return paper;
}

/** @type {(picture: Bytes) => Bytes} */
const inverted = ({ width, height, bytes }) => ({ width, height, bytes: bytes.map((value) => 255 - value) });

/** @type {(ground: Uint8Array, colour: Uint8Array, least: number, ink: Uint8Array) => void} */
function inkOver(ground, colour, least, ink) {
  for (let i = 0; i < ink.length; i++) {
    const darker = Math.floor(((ground[i] - colour[i]) * 255) / Math.max(ground[i], least));
    if (darker > ink[i]) ink[i] = darker;
  }
}

/** @type {(colours: Bytes[]) => { width: number, height: number, values: Int32Array }} */
function brightness([red, green, blue]) {
  const { width, height } = red;
  const values = new Int32Array(width * height);
  for (let i = 0; i < values.length; i++) values[i] = (red.bytes[i] + 2 * green.bytes[i] + blue.bytes[i]) >> 2;
  return { width, height, values };
}

// True if what is narrow is lighter than what lies around it.
/** @type {(grey: { width: number, height: number, values: Int32Array }) => boolean} */
function isLightOnDark({ width, height, values }) {
  const reach = Math.max(1, Math.floor(Math.max(width, height) / AROUND));
  const across = width + 1;
  const sums = new Int32Array(across * (height + 1)); // of all that is above and to the left
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      row += values[y * width + x];
      sums[(y + 1) * across + x + 1] = sums[y * across + x + 1] + row;
    }
  }
  let cubes = 0;
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - reach) * across, Math.min(height, y + reach + 1) * across];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const within = sums[bottom + right] - sums[top + right] - sums[bottom + left] + sums[top + left];
      const far = values[y * width + x] - Math.floor(within / (((bottom - top) / across) * (right - left)));
      cubes += far ** 3;
    }
  }
  return cubes > 0;
}

// A reduced picture at its old size: between its pixels' middles, in even steps.
/** @type {(small: Bytes, factor: number, width: number, height: number) => Uint8Array} */
function enlarged(small, factor, width, height) {
  if (factor === 1) return small.bytes;
  const rows = between(small.height, factor, height);
  const columns = between(small.width, factor, width);
  const out = new Uint8Array(width * height);
  const row = new Int32Array(small.width);
  for (let y = 0; y < height; y++) {
    const [first, next] = [rows.first[y] * small.width, rows.next[y] * small.width];
    const far = rows.far[y];
    for (let x = 0; x < small.width; x++) row[x] = small.bytes[first + x] * (2 * factor - far) + small.bytes[next + x] * far;
    for (let x = 0; x < width; x++) {
      const sum = row[columns.first[x]] * (2 * factor - columns.far[x]) + row[columns.next[x]] * columns.far[x];
      out[y * width + x] = Math.floor(sum / (4 * factor * factor));
    }
  }
  return out;
}

// Which two of `count` pixels each of the large ones lies between, and the share of the second.
/** @type {(count: number, factor: number, size: number) => { first: Int32Array, next: Int32Array, far: Int32Array }} */
function between(count, factor, size) {
  const [first, next, far] = [0, 1, 2].map(() => new Int32Array(size));
  for (let i = 0; i < size; i++) {
    const twice = 2 * i + 1 - factor;
    const at = Math.floor(twice / (2 * factor));
    first[i] = Math.min(Math.max(at, 0), count - 1);
    next[i] = Math.min(Math.max(at + 1, 0), count - 1);
    far[i] = twice - at * 2 * factor;
  }
  return { first, next, far };
}
