// Numbers in fewer bits: places on maps, and codes in a byte a number.

import { clamp, rint } from "../numbers/float32.js";

const { fround } = Math;
const FINE = 2 ** 16 - 1; // along an axis of a map
const SHORTEST = 1e-9; // of an axis along which nothing differs
const STEPS = 255; // of a code

/**
 * @typedef {{ steps: Uint16Array, low: number[], extent: number[] }} Quantised
 * @typedef {{ low: Float32Array, high: Float32Array }} Span the values between which each number of a code lies
 */

// Points of `dims` numbers as whole steps between the least and the greatest of them; on one scale
// they keep the shape of a map. Mirrors playground/inference/quantise.py: single precision stays so.
/** @type {(points: Float32Array | Float64Array, dims: number, oneScale: boolean) => Quantised} */
export function quantisePoints(points, dims, oneScale) {
  const single = points instanceof Float32Array ? fround : (/** @type {number} */ value) => value;
  const steps = new Uint16Array(points.length);
  if (!points.length) return { steps, low: Array(dims).fill(0), extent: Array(dims).fill(0) };
  const low = Array(dims).fill(Infinity);
  const high = Array(dims).fill(-Infinity);
  points.forEach((value, i) => {
    low[i % dims] = Math.min(low[i % dims], value);
    high[i % dims] = Math.max(high[i % dims], value);
  });
  let extent = low.map((least, axis) => single(Math.max(single(high[axis] - least), SHORTEST)));
  if (oneScale) extent = extent.map(() => Math.max(...extent));
  for (let i = 0; i < points.length; i++) {
    const share = single(single(points[i] - low[i % dims]) / extent[i % dims]);
    steps[i] = rint(single(share * FINE));
  }
  return { steps, low, extent };
}

// What the steps stand for.
/** @type {(quantised: Quantised) => Float64Array<ArrayBuffer>} */
export function pointsBehind({ steps, low, extent }) {
  const dims = low.length;
  return Float64Array.from(steps, (step, i) => low[i % dims] + step * (extent[i % dims] / FINE));
}

// Each number of a code as the nearest of its 256 steps; beyond the span, the end of it. Mirrors
// quantise in vae_core/evaluation/compression.py.
/** @type {(latents: Float32Array, span: Span) => Uint8Array<ArrayBuffer>} */
export function quantise(latents, { low, high }) {
  const size = low.length;
  return Uint8Array.from(latents, (value, i) => {
    const width = fround(high[i % size] - low[i % size]);
    const share = width > 0 ? fround(fround(value - low[i % size]) / width) : 0;
    return rint(fround(clamp(share, 0, 1) * STEPS));
  });
}

// The codes behind these steps, no further off than half a step. Mirrors dequantise there.
/** @type {(steps: Uint8Array, span: Span) => Float32Array<ArrayBuffer>} */
export function dequantise(steps, { low, high }) {
  const size = low.length;
  return Float32Array.from(steps, (step, i) => {
    const width = fround(high[i % size] - low[i % size]);
    return low[i % size] + fround(width * fround(step / STEPS));
  });
}
