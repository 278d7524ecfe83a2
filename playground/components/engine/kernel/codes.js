// The nearest of a set of codes (vae_core/models/quantisers.py).

/** @typedef {import("../models/safetensors.js").Tensor} Tensor */

const { fround } = Math;

// The nearest of so many levels from -1 to 1; of two that are as near the one whose count from 0 is even, as PyTorch rounds.
/** @type {(value: number, levels: number) => number} */
export const nearestLevel = (value, levels) => pointOf(levelOf(value, levels), levels);

// Where on the way from -1 to 1 the level with this count is.
/** @type {(level: number, levels: number) => number} */
export const pointOf = (level, levels) => fround(2 * fround(level / (levels - 1)) - 1);

// The count from 0 of the nearest level.
/** @type {(value: number, levels: number) => number} */
export function levelOf(value, levels) {
  const last = levels - 1;
  const exact = Math.min(Math.max(fround(fround(fround(value + 1) / 2) * last), 0), last);
  const up = Math.round(exact);
  return up - exact === 0.5 && up % 2 ? up - 1 : up;
}

// The number of the code that is nearest to the numbers from `from` on.
/** @type {(numbers: ArrayLike<number>, from: number, codes: Tensor) => number} */
export function nearestCode(numbers, from, { shape: [count, size], values }) {
  let [best, most] = [0, -Infinity];
  for (let code = 0; code < count; code++) {
    let sum = 0;
    for (let c = 0, at = code * size; c < size; c++, at++) sum += values[at] * (numbers[from + c] - values[at] / 2);
    if (sum > most) [best, most] = [code, sum];
  }
  return best;
}
