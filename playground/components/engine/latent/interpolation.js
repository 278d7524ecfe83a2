// Ways from code to code. Mirrors vae_core/latent/interpolation.py and what
// playground/inference/latent/interpolation.py makes of it; codes one after the other in a Float32Array.

import { dot, lerp } from "../numbers/float32.js";
import { evenlySpaced } from "./planes.js";

/** @typedef {(start: Float32Array, end: Float32Array, shares: Float32Array) => Float32Array<ArrayBuffer>} Path */

const { fround } = Math;
const PARALLEL = 1e-7; // two directions are one, or opposite, if less of one lies beside the other
export const STEPS = [0, 0.25, 0.5, 0.75, 1]; // how much of a - b is added to c, one code each

/** @type {Path} */
function straight(start, end, shares) {
  const size = start.length;
  return new Float32Array(shares.length * size).map((_, i) => lerp(start[i % size], end[i % size], shares[Math.floor(i / size)]));
}

// An arc about the origin: the direction turns evenly, and the length changes evenly.
/** @type {Path} */
function spherical(start, end, shares) {
  const size = start.length;
  const [fromLength, toLength] = [lengthOf(start), lengthOf(end)];
  if (size === 1 || fromLength === 0 || toLength === 0) return straight(start, end, shares);
  const ahead = Float64Array.from(start, (value) => value / fromLength);
  const goal = Float64Array.from(end, (value) => value / toLength);
  let aside = beside(goal, ahead);
  const angle = Math.atan2(lengthOf(aside), dot(goal, ahead));
  if (lengthOf(aside) < PARALLEL) aside = beside(axisOfLeast(ahead), ahead);
  const breadth = lengthOf(aside);
  const latents = new Float32Array(shares.length * size);
  shares.forEach((share, row) => {
    const [cosine, sine] = [Math.cos(share * angle), Math.sin(share * angle)];
    const length = fromLength + share * (toLength - fromLength);
    for (let i = 0; i < size; i++) {
      latents[row * size + i] = length * (cosine * ahead[i] + (sine * aside[i]) / breadth);
    }
  });
  return latents;
}

/** @type {(code: ArrayLike<number>) => number} */
const lengthOf = (code) => Math.sqrt(dot(code, code));

// What of a code is at right angles to a direction.
/** @type {(code: Float64Array, ahead: Float64Array) => Float64Array<ArrayBuffer>} */
function beside(code, ahead) {
  const along = dot(code, ahead);
  return Float64Array.from(code, (value, i) => value - along * ahead[i]);
}

/** @type {(direction: Float64Array) => Float64Array} */
function axisOfLeast(direction) {
  const sizes = direction.map(Math.abs);
  const least = sizes.indexOf(Math.min(...sizes));
  return Float64Array.from(direction, (_, i) => Number(i === least));
}

/** @type {Record<string, Path>} */
export const PATHS = { straight, spherical };

// Codes from one to another, both included.
/** @type {(start: Float32Array, end: Float32Array, frames: number, path?: string) => Float32Array<ArrayBuffer>} */
export function interpolate(start, end, frames, path = "straight") {
  const way = PATHS[path];
  if (!way) throw new Error(`There is no path called "${path}". There is ${Object.keys(PATHS).join(" and ")}.`);
  return way(start, end, evenlySpaced(0, 1, frames));
}

// From each stop to the next and back to the first, which the last frame is one step before.
/** @type {(stops: Float32Array[], frames: number, path?: string) => Float32Array<ArrayBuffer>} */
export function tour(stops, frames, path = "straight") {
  const leg = frames * stops[0].length;
  const latents = new Float32Array(stops.length * leg);
  stops.forEach((stop, i) => {
    const next = stops[(i + 1) % stops.length];
    latents.set(interpolate(stop, next, frames + 1, path).subarray(0, leg), i * leg);
  });
  return latents;
}

// The way through the codes of digits, as a film shows it.
/** @type {(stops: Float32Array[], walk: { frames: number, path: string, tour: boolean }) => Float32Array<ArrayBuffer>} */
export function walk(stops, { frames, path, tour: round }) {
  return round ? tour(stops, frames, path) : interpolate(stops[0], stops[stops.length - 1], frames, path);
}

// The same way from picture to picture, pixel by pixel; pictures are from 0 to 1.
/** @type {(pictures: Float32Array[], walk: { frames: number, tour: boolean }) => Float32Array<ArrayBuffer>} */
export const crossfade = (pictures, { frames, tour: round }) => walk(pictures, { frames, path: "straight", tour: round });

// A code with one of its numbers replaced by each of these values.
/** @type {(code: Float32Array, latent: number, values: Float32Array) => Float32Array<ArrayBuffer>} */
export function traverse(code, latent, values) {
  const size = code.length;
  return new Float32Array(values.length * size).map((_, i) => (i % size === latent ? values[Math.floor(i / size)] : code[i % size]));
}

// a - b + c: what takes b to a, done to c.
/** @type {(a: Float32Array, b: Float32Array, c: Float32Array) => Float32Array<ArrayBuffer>} */
export const arithmetic = (a, b, c) => Float32Array.from(a, (value, i) => fround(value - b[i]) + c[i]);

// a, b, then c with more and more of a - b, as STEPS says: of codes, or of pictures.
/** @type {(a: Float32Array, b: Float32Array, c: Float32Array) => Float32Array<ArrayBuffer>} */
export function sums(a, b, c) {
  const way = straight(c, arithmetic(a, b, c), Float32Array.from(STEPS));
  const rows = new Float32Array(2 * a.length + way.length);
  rows.set(a);
  rows.set(b, a.length);
  rows.set(way, 2 * a.length);
  return rows;
}
