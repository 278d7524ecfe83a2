// From digits to codes, and from codes to what a model draws of them.

import { isSure } from "../engine/evaluation/verdicts.js";
import { sheet, valuesOf } from "../engine/latent/planes.js";
import { toBytes, toFloats } from "../engine/numbers/float32.js";
import { classified, coder } from "./coders.js";

/** @import { Lattice, Plane } from "../engine/latent/planes.js" */

const SIDE = 28;
const SLOW = 300; // ms after which a sheet is shown before all of it is there

// The codes of digits of 784 bytes each, by a model; of clouds their means.
/** @type {(name: string, digits: Uint8Array[]) => Promise<Float32Array<ArrayBuffer>[]>} */
export async function encode(name, digits) {
  const images = new Float32Array(digits.length * SIDE * SIDE);
  digits.forEach((grey, i) => images.set(toFloats(grey), i * SIDE * SIDE));
  const { mean } = await coder(name).encode(images, digits.length);
  const size = mean.length / digits.length;
  return digits.map((_, i) => Float32Array.from(mean.subarray(i * size, (i + 1) * size)));
}

// What a model draws from each of these codes, told the class of each if it can be: 784 bytes.
/** @type {(name: string, codes: ArrayLike<number>[], labels?: number[]) => Promise<Uint8Array<ArrayBuffer>[]>} */
export async function decode(name, codes, labels) {
  const latents = new Float32Array(codes.length * codes[0].length);
  codes.forEach((code, i) => latents.set(code, i * code.length));
  const drawn = toBytes(await coder(name).decode(latents, codes.length, labels));
  return codes.map((_, i) => drawn.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
}

// Whether the digit classifier is sure of a picture, and what it takes it for, in words; neither
// where there is no classifier.
/** @type {(picture: Uint8Array) => Promise<{ sure: boolean | null, looks: string }>} */
export async function lookOf(picture) {
  const seen = await classified([picture]);
  if (!seen) return { sure: null, looks: "" };
  const [digit] = seen.classes;
  const sure = isSure(seen, 0);
  return { sure, looks: sure ? `looks like a ${digit}` : `unclear, perhaps a ${digit}` };
}

// Decodes a lattice of a plane, row by row, up being up. `shown` gets the picture when all of it is
// there; if that takes long, after each row. Where it returns false the rest is not decoded.
/** @type {(name: string, plane: Plane, across: Lattice, up: Lattice, shown: (picture: OffscreenCanvas, whole: boolean) => boolean) => Promise<void>} */
export async function drawSheet(name, plane, across, up, shown) {
  const model = coder(name);
  await model.ready; // a server would take longer for all the tiles than the weights take to come
  const begun = performance.now();
  const [xs, ys] = [valuesOf(across), valuesOf(up).reverse()];
  const picture = new OffscreenCanvas(SIDE * xs.length, SIDE * ys.length);
  const context = picture.getContext("2d");
  if (!context) throw new Error("This browser cannot paint.");
  for (let row = 0; row < ys.length; row++) {
    const tiles = await sheet(model, plane, xs, ys.subarray(row, row + 1));
    context.putImageData(sideBySide(tiles), 0, SIDE * row);
    const whole = row === ys.length - 1;
    if ((whole || performance.now() - begun > SLOW) && !shown(picture, whole)) return;
  }
}

// Pictures one after the other, as one that shows them from left to right.
/** @type {(pictures: Uint8Array) => ImageData} */
export function sideBySide(pictures) {
  const width = pictures.length / SIDE;
  const image = new ImageData(width, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  pictures.forEach((grey, i) => {
    const place = Math.floor(i / SIDE ** 2) * SIDE + (i % SIDE);
    const down = Math.floor(i / SIDE) % SIDE;
    pixels[down * width + place] = 0xff000000 | (grey * 0x010101);
  });
  return image;
}
