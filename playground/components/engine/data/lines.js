// Lines printed on paper taken off the ink on it, pixel by pixel as in vae_core/data/drawings/lines.py, which
// says why.

import { boxes, label, turned } from "./raster.js";

/** @import { Bounds, Mask } from "./raster.js" */
/** @typedef {Bounds & { number: number, thick: number, thin: boolean }} Line */

const COARSE = 512; // pixels along the longer side of the picture that lines are looked for in, at most
const SHORTEST = 5; // of that side: a fifth is the least length of a line
const SLANTS = 4; // either way, in steps of one pixel in 40: to 5.7 degrees
const STEP = 40;
const THIN = 40; // as often as it is thick, a line is long
const HAIR = 100; // as often as it is thick, a line is longer than any stroke
const NEAR = 30; // of the longer side: ends that are nearer than a 30th of it meet

// The same ink without lines.
/** @type {(mask: Mask) => Mask} */
export function withoutLines(mask) {
  const factor = Math.ceil(Math.max(mask.width, mask.height) / COARSE);
  const small = reduced(mask, factor);
  const tall = turned(small);
  const [level, upright] = [small, tall].map((each) => label(runs(each)).pieces);
  const [across, down] = [lines(small, level), lines(tall, upright)];
  const [printed, printedDown] = [
    across.filter((line) => isPrinted(line, down, small)),
    down.filter((line) => isPrinted(line, across, tall)),
  ];
  const rest = erased(mask, level, small.width, printed, factor);
  const left = turned(erased(turned(rest), upright, tall.width, printedDown, factor));
  return left.on.includes(1) ? left : mask; // a lone 1 of a hair's breadth
}

/** @type {(mask: Mask, factor: number) => Mask} */
function reduced({ width, height, on }, factor) {
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const out = new Uint8Array(columns * rows);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++, i++) if (on[i]) out[row + Math.floor(x / factor)] = 1;
  }
  return { width: columns, height: rows, on: out };
}

// What belongs to long runs across, slanted a little or not.
/** @type {(mask: Mask) => Mask} */
function runs({ width, height, on }) {
  const least = Math.floor(Math.max(width, height) / SHORTEST);
  const found = new Uint8Array(on.length);
  if (least < 2) return { width, height, on: found };
  const thick = thickened(width, height, on);
  const room = Math.ceil((width * SLANTS) / (2 * STEP)) + 1;
  const shifts = new Int32Array(width);
  for (let slant = -SLANTS; slant <= SLANTS; slant++) {
    for (let x = 0; x < width; x++) shifts[x] = Math.floor(((x - (width >> 1)) * slant) / STEP);
    for (let start = -room; start < height + room; start++) follow(thick, width, height, shifts, start, least, found);
  }
  for (let i = 0; i < found.length; i++) found[i] &= on[i];
  return { width, height, on: found };
}

// Marks the long runs on one slanted line.
/** @type {(on: Uint8Array, width: number, height: number, shifts: Int32Array, start: number, least: number, found: Uint8Array) => void} */
function follow(on, width, height, shifts, start, least, found) {
  for (let x = 0, length = 0; x <= width; x++) {
    const y = x < width ? start + shifts[x] : -1;
    if (y >= 0 && y < height && on[y * width + x]) length++;
    else {
      if (length >= least) for (let at = x - length; at < x; at++) found[(start + shifts[at]) * width + at] = 1;
      length = 0;
    }
  }
}

// The steps of a slanted line and of a slant are not at the same places.
/** @type {(width: number, height: number, on: Uint8Array) => Uint8Array} */
function thickened(width, height, on) {
  const out = on.slice();
  for (let i = width; i < on.length; i++) {
    if (on[i - width]) out[i] = 1;
    if (on[i]) out[i - width] = 1;
  }
  return out;
}

/** @type {(mask: Mask, numbered: Int32Array) => Line[]} */
function lines(mask, numbered) {
  const tall = heights(mask.width, mask.height, mask.on);
  /** @type {number[][]} */
  const places = [];
  numbered.forEach((number, i) => number && (places[number - 1] ??= []).push(i));
  return boxes(mask, numbered).map((box, i) => {
    const thick = thickness(places[i], tall, mask.width);
    return { ...box, number: i + 1, thick, thin: thick * THIN <= box.right - box.left };
  });
}

// True if a line is no stroke: thin, and ending at the border or at lines the other way.
/** @type {(line: Line, others: Line[], mask: Mask) => boolean} */
function isPrinted(line, others, { width, height }) {
  const reach = Math.floor(Math.max(width, height) / NEAR);
  if (!line.thin || line.bottom <= reach || line.top >= height - reach) return false;
  if (line.thick * HAIR <= line.right - line.left) return true; // pale ones are broken off here and there
  const [left, right] = [line.left, line.right].map((end) => others.some((other) => meet(line, end, other, reach)));
  const ends = [left || line.left <= reach, right || line.right >= width - reach];
  const slantedOut = line.top <= reach || line.bottom >= height - reach;
  return [...ends, slantedOut].filter(Boolean).length >= 2;
}

/** @type {(line: Line, end: number, other: Line, reach: number) => boolean} */
function meet(line, end, other, reach) {
  const beside = other.left - reach <= line.bottom && line.top <= other.right + reach;
  return other.thin && beside && other.top - reach <= end && end <= other.bottom + reach;
}

// The ink without these lines, but for the places where ink goes on above or below.
/** @type {(mask: Mask, numbered: Int32Array, across: number, printed: Line[], factor: number) => Mask} */
function erased({ width, height, on }, numbered, across, printed, factor) {
  if (!printed.length) return { width, height, on };
  const [rest, tall] = [on.slice(), heights(width, height, on)];
  for (const line of printed) {
    const at = region(line, numbered, across, factor, width, height).filter((i) => rest[i]);
    const limit = Math.floor((thickness(at, tall, width) * 3) / 2) + 1;
    for (const i of at) if (tall[i] <= limit) rest[i] = 0;
  }
  return { width, height, on: rest };
}

// The pixels of a line and its rough edges, as places in the whole picture.
/** @type {(line: Line, numbered: Int32Array, across: number, factor: number, width: number, height: number) => number[]} */
function region(line, numbered, across, factor, width, height) {
  const [top, bottom] = [Math.max(0, line.top - 1), Math.min(numbered.length / across, line.bottom + 1)];
  const on = new Uint8Array((bottom - top) * (line.right - line.left));
  for (let y = top, i = 0; y < bottom; y++) {
    for (let x = line.left; x < line.right; x++, i++) on[i] = numbered[y * across + x] === line.number ? 1 : 0;
  }
  const rough = thickened(line.right - line.left, bottom - top, on);
  const found = [];
  for (let y = top * factor; y < Math.min(bottom * factor, height); y++) {
    const row = (Math.floor(y / factor) - top) * (line.right - line.left);
    for (let x = line.left * factor; x < Math.min(line.right * factor, width); x++) {
      if (rough[row + Math.floor(x / factor) - line.left]) found.push(y * width + x);
    }
  }
  return found;
}

// The usual height of the ink at these places, where no stroke crosses them; 0 if there are none.
/** @type {(at: number[], tall: Int32Array, width: number) => number} */
function thickness(at, tall, width) {
  const least = new Map();
  for (const i of at) least.set(i % width, Math.min(tall[i], least.get(i % width) ?? Infinity));
  const sorted = [...least.values()].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? 0;
}

// How many pixels of ink stand on each other at each pixel; 0 where there is none.
/** @type {(width: number, height: number, on: Uint8Array) => Int32Array} */
function heights(width, height, on) {
  const out = new Int32Array(on.length);
  for (let i = 0; i < on.length; i++) if (on[i]) out[i] = (i < width ? 0 : out[i - width]) + 1;
  for (let i = on.length - width - 1; i >= 0; i--) if (on[i] && on[i + width]) out[i] = out[i + width];
  return out;
}
