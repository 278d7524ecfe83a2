// Codes from nothing, and from the cloud of a digit. Mirrors vae_core/latent/sampling.py and
// DiagonalGaussian; codes one after the other in a Float32Array.

import { generator } from "../numbers/random.js";

/**
 * @import { Generator } from "../numbers/random.js"
 * @typedef {{ mean: Float32Array, factor: Float32Array | null }} Gaussian a lower triangle, row by row; none is the unit matrix
 */

const { fround } = Math;

// N(0, I), the prior of every variational model.
/** @type {(size: number) => Gaussian} */
export const standardNormal = (size) => ({ mean: new Float32Array(size), factor: null });

// `count` draws, the same for the same seed. The noise is multiplied with the temperature.
/** @type {(gaussian: Gaussian, count: number, temperature?: number, seed?: number) => Float32Array<ArrayBuffer>} */
export function sampleLatents({ mean, factor }, count, temperature = 1, seed = 0) {
  const size = mean.length;
  const warm = fround(temperature);
  const noise = generator(seed).normal(count * size);
  for (let i = 0; i < noise.length; i++) noise[i] *= warm;
  if (!factor) return noise.map((value, i) => mean[i % size] + value);
  return noise.map((_, at) => {
    const [start, i] = [at - (at % size), at % size];
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += noise[start + j] * factor[i * size + j];
    return mean[i] + fround(sum);
  });
}

// The standard deviations behind logarithms of variances.
/** @type {(logVar: Float32Array) => Float32Array<ArrayBuffer>} */
export const deviations = (logVar) => Float32Array.from(logVar, (value) => Math.exp(fround(0.5 * value)));

// KL(q || N(0, I)) of each number in nats; their sum over a code is its rate.
/** @type {(mean: Float32Array, logVar: Float32Array) => Float32Array<ArrayBuffer>} */
export function klPerLatent(mean, logVar) {
  return mean.map((value, i) => {
    const spread = fround(fround(value * value) + fround(Math.exp(logVar[i])));
    return 0.5 * fround(fround(spread - 1) - logVar[i]);
  });
}

// One draw from each cloud, by the next numbers of a generator.
/** @type {(mean: Float32Array, logVar: Float32Array, random: Generator) => Float32Array<ArrayBuffer>} */
export function sampleCloud(mean, logVar, random) {
  const spread = deviations(logVar);
  return random.normal(mean.length).map((value, i) => mean[i] + fround(spread[i] * value));
}

// The code that stands for an image: a seed draws it from the cloud; without one, or a cloud, it is the mean.
/** @type {(posterior: import("../models/network.js").Posterior, seed: number | null) => Float32Array} */
export const codeOf = ({ mean, logVar }, seed) => (logVar && seed !== null ? sampleCloud(mean, logVar, generator(seed)) : mean);

// The points of an ellipse `sigma` standard deviations about the mean of two numbers, x and y one
// after the other, the last being the first again.
/** @type {(mean: ArrayLike<number>, spread: ArrayLike<number>, sigma: number, segments?: number) => Float64Array<ArrayBuffer>} */
export function ellipse(mean, spread, sigma, segments = 64) {
  return new Float64Array(2 * (segments + 1)).map((_, i) => {
    const turn = (Math.floor(i / 2) / segments) * 2 * Math.PI;
    return mean[i % 2] + sigma * spread[i % 2] * (i % 2 ? Math.sin(turn) : Math.cos(turn));
  });
}
