// Rows of pictures, one a model: films, samples and sums of digits. Mirrors
// playground/inference/latent/interpolation.py; digits and pictures are bytes.

import { crossfade, sums, walk } from "../latent/interpolation.js";
import { toBytes, toFloats } from "../numbers/float32.js";

/**
 * @typedef {import("./reconstruction.js").Coder} Coder
 * @typedef {import("../latent/planes.js").Decodes} Decodes
 * @typedef {{ frames: number, path: string, tour: boolean }} Walk
 */

// The way through the codes of digits.
/** @type {(model: Coder, digits: Uint8Array[], way: Walk) => Promise<Uint8Array[]>} */
export async function filmOf(model, digits, way) {
  return drawn(model, walk(await codesOf(model, digits), way), way.tour ? digits.length * way.frames : way.frames);
}

// The same way pixel by pixel, by no model.
/** @type {(digits: Uint8Array[], way: Walk) => Uint8Array[]} */
export const fade = (digits, way) => cut(toBytes(crossfade(digits.map(toFloats), way)), digits[0].length);

// The digits a and b, then the way from c to a - b + c, a picture for each of STEPS.
/** @type {(model: Coder, digits: Uint8Array[]) => Promise<Uint8Array[]>} */
export async function sumOf(model, digits) {
  const [a, b, c] = await codesOf(model, digits);
  const latents = sums(a, b, c);
  return drawn(model, latents, latents.length / a.length);
}

// The same pixel by pixel, by no model.
/** @type {(digits: Uint8Array[]) => Uint8Array[]} */
export function pixelSum(digits) {
  const [a, b, c] = digits.map(toFloats);
  return cut(toBytes(sums(a, b, c)), a.length);
}

// What a model draws from so many codes, one after the other.
/** @type {(model: Decodes, latents: Float32Array, count: number) => Promise<Uint8Array[]>} */
export async function drawn(model, latents, count) {
  const pictures = toBytes(await model.decode(latents, count));
  return cut(pictures, pictures.length / count);
}

/** @type {(model: Coder, digits: Uint8Array[]) => Promise<Float32Array[]>} */
async function codesOf(model, digits) {
  const size = digits[0].length;
  const images = new Float32Array(digits.length * size);
  digits.forEach((digit, i) => images.set(toFloats(digit), i * size));
  const { mean } = await model.encode(images, digits.length);
  return cut(mean, mean.length / digits.length);
}

/** @type {<Numbers extends Uint8Array | Float32Array>(numbers: Numbers, size: number) => Numbers[]} */
function cut(numbers, size) {
  return Array.from({ length: numbers.length / size }, (_, i) => (
    /** @type {typeof numbers} */ (numbers.subarray(i * size, (i + 1) * size))
  ));
}
