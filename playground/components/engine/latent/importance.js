// How much each number of a code matters. Mirrors vae_core/latent/importance.py.

/** @import { Decodes } from "./planes.js" */

const { fround } = Math;
export const DEAD_NATS = 0.01; // per image; a latent that tells less than this is dead

// KL(q || N(0, I)) of each number in nats; their sum over a code is its rate.
/** @type {(mean: Float32Array, logVar: Float32Array) => Float32Array<ArrayBuffer>} */
export function klPerLatent(mean, logVar) {
  return mean.map((value, i) => {
    const spread = fround(fround(value * value) + fround(Math.exp(logVar[i])));
    return 0.5 * fround(fround(spread - 1) - logVar[i]);
  });
}

// The mean of each number over codes of `size` numbers.
/** @type {(values: Float32Array, size: number) => Float32Array<ArrayBuffer>} */
export function meanPerLatent(values, size) {
  const sums = new Float64Array(size);
  values.forEach((value, i) => (sums[i % size] += value));
  return Float32Array.from(sums, (sum) => (sum * size) / values.length);
}

// The change of the picture as each number of a code goes from `low` to `high`: root mean square
// over pixels, white being 1.
/** @type {(model: Decodes, code: Float32Array, low: Float32Array, high: Float32Array) => Promise<Float32Array<ArrayBuffer>>} */
export async function effects(model, code, low, high) {
  const size = code.length;
  const moved = (/** @type {Float32Array} */ ends) =>
    new Float32Array(size * size).map((_, i) => (i % (size + 1) ? code[i % size] : ends[i % size]));
  const [one, other] = [await model.decode(moved(low), size), await model.decode(moved(high), size)];
  const pixels = one.length / size;
  const sums = new Float64Array(size);
  one.forEach((value, i) => (sums[Math.floor(i / pixels)] += (value - other[i]) ** 2));
  return Float32Array.from(sums, (sum) => Math.sqrt(sum / pixels));
}

