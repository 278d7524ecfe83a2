// Ways to spoil a picture, with the same seeds the same as in vae_core/data/corruption.py. Bit by bit
// but for blur and "turned", whose sums Python adds up in another order.

import { clamp, lerp, rint } from "../numbers/float32.js";
import { generator } from "../numbers/random.js";

/**
 * @import { Generator } from "../numbers/random.js"
 * @typedef {{ kind: string, strength: number, seed: number }} Noise
 * @typedef {{ height: number, width: number }} Size of a picture
 * @typedef {(image: Float32Array, strength: number, random: Generator, size: Size) => Float32Array<ArrayBuffer>} Apply
 */

const { fround } = Math;
const DIGIT = { height: 28, width: 28 };
const CLUMP = 4; // pixels along a side
const STRIPE = 4; // rows from one stripe to the next

// A grey picture from 0 to 1, spoilt; at strength 0 it comes back as it is. One seed gives one
// pattern, whatever the strength.
/** @type {(image: Float32Array, noise: Noise, size?: Size) => Float32Array<ArrayBuffer>} */
export function corrupt(image, { kind, strength, seed }, size = DIGIT) {
  const apply = KINDS[kind];
  if (!apply) throw new Error(`There is no noise called "${kind}". There is ${Object.keys(KINDS).join(", ")}.`);
  const single = fround(strength);
  if (!(single > 0)) return Float32Array.from(image);
  return apply(image, single, generator(seed), size).map((value) => clamp(value, 0, 1));
}

/** @type {Apply} */
function gaussian(image, strength, random) {
  return random.normal(image.length).map((value, i) => image[i] + fround(strength * value));
}

/** @type {Apply} */
function saltAndPepper(image, strength, random) {
  const [pepper, salt] = [strength / 2, fround(1 - strength / 2)];
  return random.uniform(image.length).map((value, i) => replaced(image[i], value, pepper, salt));
}

/** @type {(pixel: number, value: number, pepper: number, salt: number) => number} */
function replaced(pixel, value, pepper, salt) {
  if (value < pepper) return 0;
  return value >= salt ? 1 : pixel;
}

/** @type {Apply} */
function masking(image, strength, random) {
  return random.uniform(image.length).map((value, i) => (value < strength ? 0 : image[i]));
}

/** @type {Apply} */
function occlusion(image, strength, random, { height, width }) {
  const side = rint(fround(strength * Math.min(height, width)));
  const place = random.uniform(2);
  const top = Math.floor(fround(place[0] * (height - side + 1)));
  const left = Math.floor(fround(place[1] * (width - side + 1)));
  const spoilt = Float32Array.from(image);
  for (let row = top; row < top + side; row++) spoilt.fill(0, row * width + left, row * width + left + side);
  return spoilt;
}

/** @type {Apply} */
function blur(image, strength, _, { height, width }) {
  const sigma = fround(4 * Math.max(strength, fround(1e-3)));
  const [down, across] = [blurred(height, sigma), blurred(width, sigma)];
  const between = new Float32Array(image.length);
  const spoilt = new Float32Array(image.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < height; i++) sum += down[row * height + i] * image[i * width + column];
      between[row * width + column] = sum;
    }
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += across[column * width + i] * between[row * width + i];
      spoilt[row * width + column] = sum;
    }
  }
  return spoilt;
}

// A blur of a line of pixels as a matrix; each row is a weighted mean.
/** @type {(size: number, sigma: number) => Float32Array} */
function blurred(size, sigma) {
  const weights = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const line = weights.subarray(row * size, (row + 1) * size);
    line.forEach((_, i) => (line[i] = Math.exp(-0.5 * fround(fround((row - i) / sigma) ** 2))));
    const total = fround(line.reduce((sum, weight) => sum + weight, 0));
    line.forEach((weight, i) => (line[i] = weight / total));
  }
  return weights;
}

/** @type {Apply} */
function stripes(image, strength, _, { width }) {
  return Float32Array.from(image, (value, i) => value + (Math.floor(i / width) % STRIPE ? 0 : strength));
}

/** @type {Apply} */
function clumps(image, strength, random, { height, width }) {
  const [pepper, salt] = [strength / 8, fround(1 - strength / 8)];
  const across = Math.ceil(width / CLUMP);
  const coarse = random.uniform(Math.ceil(height / CLUMP) * across);
  return Float32Array.from(image, (pixel, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const value = coarse[Math.floor(row / CLUMP) * across + Math.floor(column / CLUMP)];
    return replaced(pixel, value, pepper, salt);
  });
}

/** @type {Apply} */
function inverted(image, strength) {
  return Float32Array.from(image, (value) => lerp(value, fround(1 - value), strength));
}

// Turned about its middle. The picture is a square from -1 to 1, between whose pixels it is blended.
/** @type {Apply} */
function turned(image, strength, _, { height, width }) {
  const angle = fround(fround(Math.PI) * strength);
  const [cosine, sine] = [fround(Math.cos(angle)), fround(Math.sin(angle))];
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    (row < 0 || row >= height || column < 0 || column >= width ? 0 : image[row * width + column]);
  return Float32Array.from(image, (_value, i) => {
    const y = (2 * Math.floor(i / width) + 1) / height - 1;
    const x = (2 * (i % width) + 1) / width - 1;
    const across = ((cosine * x - sine * y + 1) * width - 1) / 2;
    const down = ((sine * x + cosine * y + 1) * height - 1) / 2;
    const [left, top] = [Math.floor(across), Math.floor(down)];
    const [right, low] = [across - left, down - top];
    return (
      (1 - low) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
      low * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1))
    );
  });
}

/** @type {Record<string, Apply>} */
export const KINDS = {
  gaussian, "salt-and-pepper": saltAndPepper, masking, occlusion, blur, stripes, clumps, inverted, turned,
};
