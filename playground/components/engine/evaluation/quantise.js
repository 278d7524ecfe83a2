// Codes in fewer bits: a byte a number.

import { clamp, rint } from "../numbers/float32.js";

const { fround } = Math;
const STEPS = 255; // of a code

/** @typedef {{ low: Float32Array, high: Float32Array }} Span the values between which each number of a code lies */

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
