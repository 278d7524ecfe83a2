// How far a picture is from another. Mirrors vae_core/evaluation/metrics.py.

// Squared error per pixel, white being 1.
/** @type {(picture: ArrayLike<number>, other: ArrayLike<number>) => number} */
export function mse(picture, other) {
  let sum = 0;
  for (let i = 0; i < other.length; i++) sum += (picture[i] - other[i]) ** 2;
  return sum / other.length;
}

// The same in dB; infinite if nothing differs.
/** @type {(squared: number) => number} */
export const psnr = (squared) => (squared === 0 ? Infinity : -10 * Math.log10(squared));

// The share of a code's numbers that are not zero.
/** @type {(code: Float32Array) => number} */
export const activeShare = (code) => code.reduce((count, value) => count + Number(value !== 0), 0) / code.length;
