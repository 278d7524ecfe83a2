// What models make of one digit with noise on it, and how far that is from it. Mirrors
// playground/inference/reconstruction.py and vae_core/evaluation/metrics.py.

import { corrupt } from "../data/corruption.js";
import { deviations } from "../latent/sampling.js";
import { toBytes, toFloats } from "../numbers/float32.js";

/**
 * @import { Noise, Size } from "../data/corruption.js"
 * @import { Decodes } from "../latent/planes.js"
 * @typedef {import("../models/network.js").Posterior} Posterior
 * @typedef {Decodes & { encode: (images: Float32Array, count?: number) => Promise<Posterior> }} Coder
 * @typedef {object} View of the noisy digit by one model; mse and psnr are against the clean one
 * @property {Uint8Array} picture
 * @property {Float32Array} code as it was decoded
 * @property {{ mean: Float32Array, spread: Float32Array } | null} cloud none if the code is a point
 * @property {number} mse
 * @property {number} psnr in dB, infinite if nothing differs
 * @property {number} active the share of the code that is not zero
 * @property {boolean} sampled whether the code was drawn from its cloud
 */

export const STRENGTHS = Array.from({ length: 21 }, (_, step) => step / 20); // along the PSNR plot

// A digit of bytes with noise: as every model sees it, as bytes, and how far it is from the clean one.
/** @type {(digit: Uint8Array, noise: Noise, size?: Size) => { clean: Float32Array, image: Float32Array, picture: Uint8Array<ArrayBuffer>, mse: number, psnr: number }} */
export function spoilt(digit, noise, size) {
  const clean = toFloats(digit);
  const image = corrupt(clean, noise, size);
  const far = mse(image, clean);
  return { clean, image, picture: toBytes(image), mse: far, psnr: psnr(far) };
}

// One model's view of a spoilt digit. A seed draws the code from its cloud; without, it is the mean.
/** @type {(model: Pick<import("../models/model.js").Model, "reconstruct">, seen: { clean: Float32Array, image: Float32Array }, seed?: number | null) => Promise<View>} */
export async function viewOf(model, { clean, image }, seed = null) {
  const { mean, logVar, code, drawn } = await model.reconstruct(image, seed);
  const far = mse(drawn, clean);
  return {
    picture: toBytes(drawn),
    code,
    cloud: logVar && { mean, spread: deviations(logVar) },
    mse: far,
    psnr: psnr(far),
    active: activeShare(code),
    sampled: logVar !== null && seed !== null,
  };
}

// The digit at each of STRENGTHS of the noise, one after the other.
/** @type {(digit: Uint8Array, noise: Noise, size?: Size) => { clean: Float32Array, images: Float32Array }} */
export function spoiltMore(digit, noise, size) {
  const clean = toFloats(digit);
  const images = new Float32Array(STRENGTHS.length * clean.length);
  STRENGTHS.forEach((strength, i) => images.set(corrupt(clean, { ...noise, strength }, size), i * clean.length));
  return { clean, images };
}

// PSNR in dB of pictures one after the other against a clean one.
/** @type {(images: Float32Array, clean: Float32Array) => number[]} */
export function psnrOfEach(images, clean) {
  const count = images.length / clean.length;
  return Array.from({ length: count }, (_, i) => psnr(mse(images.subarray(i * clean.length, (i + 1) * clean.length), clean)));
}

// PSNR in dB at each of STRENGTHS of what a model makes of the digit: through the numbers of
// `viewOf`, as the pattern of the noise is the same.
/** @type {(model: Coder, more: { clean: Float32Array, images: Float32Array }) => Promise<number[]>} */
export async function psnrCurve(model, { clean, images }) {
  const { mean } = await model.encode(images, STRENGTHS.length);
  return psnrOfEach(await model.decode(mean, STRENGTHS.length), clean);
}

// How far a picture is from another.

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
const activeShare = (code) => code.reduce((count, value) => count + Number(value !== 0), 0) / code.length;
