// What becomes of pictures that are spoilt, or no digits. Mirrors playground/inference/robustness.py
// and vae_core/evaluation/anomaly.py.

import { KINDS, corrupt } from "../data/corruption.js";
import { klPerLatent, sampleCloud } from "../latent/sampling.js";
import { generator } from "../numbers/random.js";
import { crossEntropy, logitsOf } from "./costs.js";
import { mse, psnr } from "./reconstruction.js";

/**
 * @import { Noise, Size } from "../data/corruption.js"
 * @import { Costed } from "./costs.js"
 * @import { Coder } from "./reconstruction.js"
 */

const DRAWS = 8; // from the cloud of each picture
export const PASSES = [1, 2, 3, 5, 8, 13, 21]; // how often a model gets its own output, where it is shown

/** @type {(model: Coder, images: Float32Array, count: number) => Promise<Float32Array>} */
async function reconstruct(model, images, count) {
  const { mean } = await model.encode(images, count);
  return model.decode(mean, count);
}

// How strange each of `count` pictures is, more being stranger: squared error per pixel, and minus
// the ELBO, which a model without a prior has not. With them comes what the model draws of each.
/** @type {(model: Costed, images: Float32Array, count: number) => Promise<{ error: number[], nats: number[] | null, drawn: Float32Array }>} */
export async function scoresOf(model, images, count) {
  const pixels = images.length / count;
  const each = (/** @type {Float32Array | Float64Array} */ values, /** @type {number} */ i) => values.subarray(i * pixels, (i + 1) * pixels);
  const rows = Array.from({ length: count }, (_, i) => images.subarray(i * pixels, (i + 1) * pixels));
  const { mean, logVar } = await model.encode(images, count);
  const drawn = await model.decode(mean, count);
  const error = rows.map((row, i) => mse(each(drawn, i), row));
  if (!logVar) return { error, nats: null, drawn };
  const kl = klPerLatent(mean, logVar);
  const size = mean.length / count;
  const nats = rows.map((_, i) => kl.subarray(i * size, (i + 1) * size).reduce((sum, rate) => sum + rate, 0));
  const random = generator(0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const logits = await logitsOf(model, sampleCloud(mean, logVar, random), count);
    rows.forEach((row, i) => (nats[i] += crossEntropy(each(logits, i), row) / DRAWS));
  }
  return { error, nats, drawn };
}

/**
 * @typedef {{ kind: string, noisy: Float32Array, drawn: Float32Array, before: number, after: number }} Cleaned
 *   one kind of noise: the picture with it, what the model draws of that, and the PSNR of both in dB
 */

// A clean picture with every kind of noise of one strength and seed, and what a model draws of each.
/** @type {(model: Coder, clean: Float32Array, noise: Omit<Noise, "kind">, size?: Size) => Promise<Cleaned[]>} */
export async function denoised(model, clean, noise, size) {
  const kinds = Object.keys(KINDS);
  const noisy = kinds.map((kind) => corrupt(clean, { ...noise, kind }, size));
  const together = new Float32Array(kinds.length * clean.length);
  noisy.forEach((image, i) => together.set(image, i * clean.length));
  const all = await reconstruct(model, together, kinds.length);
  return kinds.map((kind, i) => {
    const drawn = all.subarray(i * clean.length, (i + 1) * clean.length);
    return { kind, noisy: noisy[i], drawn, before: psnr(mse(noisy[i], clean)), after: psnr(mse(drawn, clean)) };
  });
}

// What a model draws of a picture after each number of PASSES through it, and the root mean square
// of what the last of them changed, white being 1.
/** @type {(model: Coder, image: Float32Array) => Promise<{ pictures: Float32Array[], changes: number[] }>} */
export async function again(model, image) {
  /** @type {Float32Array[]} */
  const pictures = [];
  /** @type {number[]} */
  const changes = [];
  let before = image;
  for (let pass = 1; pass <= PASSES[PASSES.length - 1]; pass++) {
    const after = await reconstruct(model, before, 1);
    if (PASSES.includes(pass)) {
      pictures.push(after);
      changes.push(Math.sqrt(mse(after, before)));
    }
    before = after;
  }
  return { pictures, changes };
}
