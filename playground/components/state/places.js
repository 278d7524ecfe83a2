// What is known of one model's space of two numbers, as ../../facts/latent.py packs it.

import { spreadOf, squareOf } from "../engine/latent/square.js";
import { unpack } from "../engine/wire.js";
import { exampleDigits } from "./digits.js";
import { encode } from "./latents.js";
import { factOf, fromFile } from "./models.js";

/** @import { Message } from "../engine/wire.js" */

// The square, the codes of the test digits with their classes, and the numbers.
/**
 * @param {string} model
 * @param {number} classes
 */
export async function fetchPlaces(model, classes) {
  const own = fromFile(model);
  if (own) return placesAround(own, classes);
  const reply = await factOf("map", model);
  const { header, bytes } = unpack(await reply.arrayBuffer());
  const labels = bytes(header.codes.count);
  const codes = unpacked(header.codes, bytes);
  return {
    ...header,
    labels,
    codes,
    medians: Array.from({ length: classes }, (_, label) => median(codes, labels, label)),
    density: null,
    digits: null,
  };
}

// The same of a model from a file, whose codes of many digits nobody knows: around those of the examples.
/** @type {(model: import("./models.js").Model, classes: number) => Promise<any>} */
async function placesAround({ name, code, samples }, classes) {
  if (code !== 2) throw new Error(`A map needs a code of two numbers; “${name}” has ${code}.`);
  const examples = await exampleDigits();
  const known = await encode(name, examples.map(({ grey }) => grey));
  const around = Float32Array.from(known.flatMap((each) => [...each]));
  return {
    square: squareOf(around, samples),
    spread: spreadOf(around),
    prior: samples,
    labels: new Uint8Array(),
    codes: new Float32Array(),
    medians: Array.from({ length: classes }, () => null),
    ...{ continuity: null, density: null, digits: null },
  };
}

// How even and how full the space is, measured now if it was not ahead: null where that is not known.
/** @type {(model: string) => Promise<{ continuity: { mean: number, p99: number } | null, completeness: number | null }>} */
export async function fetchMeasured(model) {
  return (await factOf("space-numbers", model)).json();
}

// How densely the codes lie, as a raster over the square.
/** @type {(model: string) => Promise<{ side: number, bytes: Uint8Array }>} */
export async function fetchDensity(model) {
  const reply = await factOf("density", model);
  const { header: { side }, bytes } = unpack(await reply.arrayBuffer());
  return { side, bytes: bytes(side * side) };
}

// The distance to the nearest of the codes that the model was trained on.
/** @type {(model: string) => Promise<((x: number, y: number) => number) | null>} */
export async function fetchNearest(model) {
  const reply = await factOf("trained-on", model);
  const { header, bytes } = unpack(await reply.arrayBuffer());
  return nearestOf(unpacked(header.codes, bytes));
}

// The distance from a place to the nearest of these codes; null if there are none.
/** @type {(codes: Float32Array) => ((x: number, y: number) => number) | null} */
export function nearestOf(codes) {
  if (!codes.length) return null;
  return (x, y) => {
    let least = Infinity;
    for (let i = 0; i < codes.length; i += 2) {
      const across = codes[i] - x;
      const up = codes[i + 1] - y;
      const far = across * across + up * up;
      if (far < least) least = far;
    }
    return Math.sqrt(least);
  };
}

/** @type {(codes: { count: number, low: number[], step: number[] }, bytes: Message["bytes"]) => Float32Array} */
function unpacked({ count, low, step }, bytes) {
  const whole = new Uint16Array(bytes(4 * count).buffer);
  const found = new Float32Array(whole.length);
  for (let i = 0; i < found.length; i++) found[i] = low[i % 2] + step[i % 2] * whole[i]; // `from` with a function is ten times slower
  return found;
}

// The median of a class among codes of two numbers; null if none is of it.
/** @type {(codes: Float32Array, labels: Uint8Array, label: number) => number[] | null} */
export function median(codes, labels, label) {
  /** @type {number[]} */
  const xs = [];
  /** @type {number[]} */
  const ys = [];
  labels.forEach((each, i) => {
    if (each !== label) return;
    xs.push(codes[2 * i]);
    ys.push(codes[2 * i + 1]);
  });
  const middle = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];
  return xs.length ? [middle(xs), middle(ys)] : null;
}
