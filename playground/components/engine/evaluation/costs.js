// What an image costs a variational model, in nats. Mirrors
// playground/inference/costs.py and vae_core/models/distributions.py.

import { deviations, klPerLatent, sampleCloud } from "../latent/sampling.js";
import { clamp, toBytes } from "../numbers/float32.js";
import { generator } from "../numbers/random.js";

/**
 * @import { Coder, Posterior } from "./reconstruction.js"
 * @typedef {Coder & { decodeLogits?: (latents: Float32Array, count?: number) => Promise<Float32Array> }} Costed without logits, they are found behind the pixels
 */

const DRAWS = 16; // codes of one image, over which the distortion is averaged
const ALMOST = 1 - 2 ** -24; // the largest float32 below 1

// -log p(x|z) of one picture in nats, reading each pixel as the chance of a white dot.
/** @type {(logits: ArrayLike<number>, image: Float32Array) => number} */
export function crossEntropy(logits, image) {
  return image.reduce((sum, white, i) => (
    sum + Math.max(logits[i], 0) - logits[i] * white + Math.log1p(Math.exp(-Math.abs(logits[i])))
  ), 0);
}

// The cross-entropy of a perfect reconstruction: of grey pixels it is not 0.
/** @type {(image: Float32Array) => number} */
export function floorOf(image) {
  const entropy = (/** @type {number} */ share) => (share > 0 ? -share * Math.log(share) : 0);
  return image.reduce((sum, white) => sum + entropy(white) + entropy(1 - white), 0);
}

// Logits of pictures. A model that gives pixels alone has lost how sure it was of the whitest ones,
// beyond a logit of 16.6, which makes those that are grey a little too cheap.
/** @type {(model: Costed, latents: Float32Array, count: number) => Promise<Float32Array | Float64Array>} */
export async function logitsOf(model, latents, count) {
  if (model.decodeLogits) return model.decodeLogits(latents, count);
  const pixels = await model.decode(latents, count);
  return Float64Array.from(pixels, (value) => {
    const white = clamp(value, Number.MIN_VALUE, ALMOST);
    return Math.log(white) - Math.log1p(-white);
  });
}

/**
 * @typedef {object} Costs of one image, in nats unless it says otherwise
 * @property {number} distortion averaged over codes that are drawn from the cloud
 * @property {number} rate
 * @property {number} crossEntropy at the mean of the cloud
 * @property {number} squaredError of the same picture, summed over pixels; no nats
 * @property {Uint8Array} picture what is drawn of the mean
 * @property {Float32Array} rates of each number of the code
 * @property {{ mean: Float32Array, spread: Float32Array }} cloud
 */

// What a variational model pays for one image from 0 to 1.
/** @type {(model: Costed, image: Float32Array) => Promise<Costs>} */
export async function costsOf(model, image) {
  const { mean, logVar } = cloudOf(await model.encode(image, 1));
  const many = repeated(mean, DRAWS);
  const drawn = await logitsOf(model, sampleCloud(many, repeated(logVar, DRAWS), generator(0)), DRAWS);
  const each = Array.from({ length: DRAWS }, (_, i) => (
    crossEntropy(drawn.subarray(i * image.length, (i + 1) * image.length), image)
  ));
  const middle = await model.decode(mean, 1);
  const rates = klPerLatent(mean, logVar);
  return {
    distortion: each.reduce((sum, nats) => sum + nats) / DRAWS,
    rate: rates.reduce((sum, nats) => sum + nats, 0),
    crossEntropy: crossEntropy(await logitsOf(model, mean, 1), image),
    squaredError: middle.reduce((sum, value, i) => sum + (value - image[i]) ** 2, 0),
    picture: toBytes(middle),
    rates,
    cloud: { mean, spread: deviations(logVar) },
  };
}

/** @type {(posterior: Posterior) => { mean: Float32Array, logVar: Float32Array }} */
function cloudOf({ mean, logVar }) {
  if (!logVar) throw new Error("The code of this model is a point, with no cloud and no rate. Choose a variational model, such as vae-2.");
  return { mean, logVar };
}

/** @type {(values: Float32Array, count: number) => Float32Array} */
const repeated = (values, count) => new Float32Array(count * values.length).map((_, i) => values[i % values.length]);
