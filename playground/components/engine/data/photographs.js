// The digits in a picture that somebody brings, as in vae_core/data/drawings/photographs.py, which says why.

import { digitOf } from "./digit.js";
import { sheetIn } from "./ground.js";
import { digitsOn } from "./pieces.js";

/**
 * @import { Bytes } from "./raster.js"
 * @import { Found } from "./pieces.js"
 */

const LEAST = 64; // pixels along the longer side of a photograph; what is smaller is a finished graphic

// Each digit, [28, 28], in the order of reading. `layers` are colours times alpha, and alpha, as
// a canvas has them: [h, w, 4]. Fails with a sentence if there is none.
/** @type {(layers: Uint8Array | Uint8ClampedArray, width: number, height: number) => Uint8Array<ArrayBuffer>[]} */
export function digitsIn(layers, width, height) {
  const found = inksIn(layers, width, height);
  if (found.isBlob) {
    throw new Error(
      "The picture shows a shape that is filled in, and no digit written with a pen. Take a " +
        "picture of the digit alone, on plain paper.",
    );
  }
  const digits = found.digits.map(digitOf);
  if (!digits.some((digit) => digit.some(Boolean))) {
    throw new Error("This picture is empty: nothing in it stands out from the background.");
  }
  return digits;
}

/** @type {(layers: Uint8Array | Uint8ClampedArray, width: number, height: number) => Found} */
function inksIn(layers, width, height) {
  const border = borderOf(width, height);
  const opaque = border.filter((i) => layers[4 * i + 3] > 127);
  if (2 * opaque.length <= border.length) {
    return { digits: [{ width, height, bytes: shapeOf(layers) }], isBlob: false };
  }
  const colours = [0, 1, 2].map((colour) => {
    const usual = opaque.map((i) => layers[4 * i + colour]).sort((one, other) => one - other)[opaque.length >> 1];
    return { width, height, bytes: laidOn(usual, layers, colour), usual };
  });
  if (Math.max(width, height) >= LEAST) return digitsOn(sheetIn(colours));
  const bytes = new Uint8Array(width * height);
  for (const colour of colours) {
    colour.bytes.forEach((value, i) => (bytes[i] = Math.max(bytes[i], Math.abs(value - colour.usual))));
  }
  return { digits: [{ width, height, bytes }], isBlob: false };
}

// One colour of the picture as it looks on this ground.
/** @type {(ground: number, layers: Uint8Array | Uint8ClampedArray, colour: number) => Uint8Array} */
function laidOn(ground, layers, colour) {
  const bytes = new Uint8Array(layers.length / 4);
  for (let i = 0, at = 0; i < bytes.length; i++, at += 4) {
    bytes[i] = layers[at + colour] + Math.floor(((255 - layers[at + 3]) * ground) / 255);
  }
  return bytes;
}

// The ink on a ground that is transparent. Its own brightness tells which it was meant for.
/** @type {(layers: Uint8Array | Uint8ClampedArray) => Uint8Array} */
function shapeOf(layers) {
  let [colour, alpha] = [0, 0];
  for (let at = 0; at < layers.length; at += 4) {
    colour += layers[at] + layers[at + 1] + layers[at + 2];
    alpha += layers[at + 3];
  }
  const isLight = 2 * colour > 3 * alpha;
  const ink = new Uint8Array(layers.length / 4);
  for (let i = 0, at = 0; i < ink.length; i++, at += 4) {
    const [red, green, blue, opaque] = layers.subarray(at, at + 4);
    ink[i] = isLight ? Math.max(red, green, blue) : opaque - Math.min(red, green, blue);
  }
  return ink;
}

// The places of the outermost pixels; those in the corners count twice.
/** @type {(width: number, height: number) => number[]} */
function borderOf(width, height) {
  const [across, down] = [width, height].map((count) => Array.from({ length: count }, (_, i) => i));
  return [
    ...across,
    ...across.map((x) => (height - 1) * width + x),
    ...down.map((y) => y * width),
    ...down.map((y) => y * width + width - 1),
  ];
}
