// Planes through a latent space, and sheets: lattices of a plane, decoded. Mirrors
// vae_core/latent/planes.py; codes one after the other in a Float32Array.

import { dot, toBytes } from "../numbers/float32.js";
import { quantile } from "../numbers/quantile.js";

/**
 * @typedef {{ origin: Float32Array, right: Float32Array, up: Float32Array }} Plane the point (x, y) is origin + x right + y up
 * @typedef {{ decode: (latents: Float32Array, count?: number) => Promise<Float32Array> }} Decodes
 * @typedef {{ spacing: string, low: number, high: number, count: number }} Lattice along one axis; of quantiles, low is the mean and high the standard deviation
 */

const { fround } = Math;
const HEIGHT = Math.sqrt(3) / 2; // of an equilateral triangle of side 1
const ON_A_LINE = 1e-4; // breadth over length; three points in a thinner strip are on one line

// A space as it is, x its first number and y its second. Of more than two the others are 0.
/** @type {(size?: number) => Plane} */
export const whole = (size = 2) => axes(new Float32Array(size), 0, 1);

// The plane through a code on which only two of its numbers change.
/** @type {(code: ArrayLike<number>, first: number, second: number) => Plane} */
export function axes(code, first, second) {
  if (first === second) throw new Error(`A plane needs two different latents; got ${first} twice.`);
  const origin = Float32Array.from(code);
  const [right, up] = [new Float32Array(code.length), new Float32Array(code.length)];
  origin[first] = origin[second] = 0;
  right[first] = up[second] = 1;
  return { origin, right, up };
}

// The plane through three codes, at (0, 0), (1, 0) and (1/2, √3/2).
/** @type {(a: ArrayLike<number>, b: ArrayLike<number>, c: ArrayLike<number>) => Plane} */
export function corners(a, b, c) {
  const origin = Float32Array.from(a);
  const right = origin.map((value, i) => b[i] - value);
  const aside = origin.map((value, i) => c[i] - value);
  if (onALine(right, aside)) {
    throw new Error(
      "These three codes lie on one line, and many planes pass through a line. Choose three pictures that are less alike.",
    );
  }
  const height = fround(HEIGHT);
  const up = origin.map((value, i) => fround(c[i] - fround(value + b[i]) / 2) / height);
  return { origin, right, up };
}

// The ratio of the two singular values, by the eigenvalues of the products of both sides.
/** @type {(one: Float32Array, other: Float32Array) => boolean} */
function onALine(one, other) {
  if (one.length < 2) return true;
  const [a, b, c] = [dot(one, one), dot(one, other), dot(other, other)];
  const greater = (a + c + Math.hypot(a - c, 2 * b)) / 2;
  const lesser = Math.max(0, a * c - b * b) / greater;
  return !(Math.sqrt(lesser) > ON_A_LINE * Math.sqrt(greater));
}

// The codes at points of the plane, x and y one after the other.
/** @type {(plane: Plane, points: ArrayLike<number>) => Float32Array<ArrayBuffer>} */
export function latentsAt({ origin, right, up }, points) {
  const size = origin.length;
  const latents = new Float32Array((points.length / 2) * size);
  for (let at = 0, point = 0; at < latents.length; point += 2) {
    const [x, y] = [fround(points[point]), fround(points[point + 1])];
    for (let i = 0; i < size; i++, at++) latents[at] = origin[i] + fround(fround(x * right[i]) + fround(y * up[i]));
  }
  return latents;
}

// Values from `low` to `high`, both among them. Mirrors torch.linspace.
/** @type {(low: number, high: number, count: number) => Float32Array<ArrayBuffer>} */
export function evenlySpaced(low, high, count) {
  const [from, to] = [fround(low), fround(high)];
  const step = fround(fround(to - from) / (count - 1));
  const half = Math.floor(count / 2);
  return new Float32Array(count).map((_, i) => (i < half ? from + step * i : to - step * (count - 1 - i)));
}

// Values between which N(0, sigma²) has equal shares, rising.
/** @type {(count: number, sigma?: number) => Float32Array<ArrayBuffer>} */
export function quantiles(count, sigma = 1) {
  return new Float32Array(count).map((_, i) => sigma * quantile((i + 0.5) / count));
}

// One value a tile, rising. Mirrors Lattice.values in playground/inference/latent/requests.py.
/** @type {(lattice: Lattice) => Float32Array<ArrayBuffer>} */
export function valuesOf({ spacing, low, high, count }) {
  if (spacing === "even") return evenlySpaced(low, high, count);
  const middle = fround(low);
  return quantiles(count, high).map((value) => middle + value);
}

// A lattice of a plane, decoded: a picture a tile, row by row from ys[0] on.
/** @type {(model: Decodes, plane: Plane, xs: Float32Array, ys: Float32Array) => Promise<Uint8Array<ArrayBuffer>>} */
export async function sheet(model, plane, xs, ys) {
  const points = new Float32Array(2 * xs.length * ys.length);
  for (let i = 0; i < points.length / 2; i++) {
    points[2 * i] = xs[i % xs.length];
    points[2 * i + 1] = ys[Math.floor(i / xs.length)];
  }
  return toBytes(await model.decode(latentsAt(plane, points), points.length / 2));
}
