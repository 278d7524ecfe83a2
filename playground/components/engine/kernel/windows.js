// Convolutions as sums over windows of an image with a border: which windows there are, how far they
// reach beyond the image, and weights in the order in which the kernel adds up.

import { BLOCK } from "./plain.js";
import { upTo } from "./layout.js";

/**
 * Windows that lie `every` pixels apart along one side, the first at `first`, `taps` of the weights wide,
 * and the places in what comes out that they are added up to: `count` of them from `start`, `apart`.
 * @typedef {{ first: number, every: number, taps: number[], start: number, apart: number, count: number }} Windows
 */

/** @type {(kernel: number, stride: number, padding: number, out: number) => Windows[]} */
export function straight(kernel, stride, padding, out) {
  return [{ first: -padding, every: stride, taps: Array.from({ length: kernel }, (_, i) => i), start: 0, apart: 1, count: out }];
}

// Of a transposed convolution, the places that are as far from a multiple of the stride see the same
// part of the weights, the other way round.
/** @type {(kernel: number, stride: number, padding: number, out: number) => Windows[]} */
export function transposed(kernel, stride, padding, out) {
  const found = [];
  for (let rest = 0; rest < stride; rest++) {
    const taps = [];
    for (let tap = rest; tap < kernel; tap += stride) taps.unshift(tap);
    const start = (((rest - padding) % stride) + stride) % stride;
    const first = (start + padding - rest) / stride - Math.max(taps.length - 1, 0);
    found.push({ first, every: 1, taps, start, apart: stride, count: Math.max(0, Math.ceil((out - start) / stride)) });
  }
  return found;
}

// How many pixels beyond an image of `size` the windows reach.
/** @type {(windows: Windows[], size: number) => number} */
export function reach(windows, size) {
  const beyond = windows.filter(({ count }) => count > 0).map(({ first, every, taps, count }) => (
    Math.max(-first, first + every * (count - 1) + taps.length - size)
  ));
  return Math.max(0, ...beyond);
}

// The weights of `rows` x `cols` taps in blocks of channels, and in each as the kernel meets them:
// tap by tap, and the channels that come in, `step` from one tap to the next.
/**
 * @param {Float32Array} values
 * @param {{ out: number, in: number, outStep: number, inStep: number, step: number, rows: number[], cols: number[] }} how
 */
export function packed(values, { out, in: channels, outStep, inStep, step, rows, cols }) {
  const part = rows.length * cols.length * step;
  const found = new Float32Array(upTo(out, BLOCK) * part);
  for (let to = 0; to < out; to++) {
    let at = Math.floor(to / BLOCK) * part * BLOCK + (to % BLOCK);
    for (const row of rows) {
      for (const col of cols) {
        const from = to * outStep + row + col;
        for (let c = 0; c < channels; c++) found[at + c * BLOCK] = values[from + c * inStep];
        at += step * BLOCK;
      }
    }
  }
  return found;
}
