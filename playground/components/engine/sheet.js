// Sheets: a piece of a latent space decoded on a lattice, as a picture and as a quick decoder.

import { pack, unpack } from "./bytes.js";
import { isSure } from "./replies.js";
import { ask } from "./wire.js";

/**
 * @typedef {{ spacing: string, low: number, high: number, count: number }} Lattice along one axis
 * @typedef {[model: string, plane: object, across: Lattice, up: Lattice, codes?: Float32Array<ArrayBuffer>]} Asked
 * @typedef {{ blend: (x: number, y: number) => Uint8Array }} Decoder
 */

// Asks for a sheet. `codes` are the corners of the plane, one after the other.
/** @type {(...asked: Asked) => Promise<{ facts: any, file: Uint8Array<ArrayBuffer>, size: number }>} */
async function fetchSheet(model, plane, across, up, codes) {
  const header = { model, plane, across, up };
  const body = new Uint8Array((codes ?? new Float32Array()).buffer.slice(0));
  const reply = await ask("live/sheet", pack(header, body));
  const message = await reply.arrayBuffer();
  const { header: facts, bytes } = unpack(message);
  const length = new DataView(message).getUint32(0, true);
  return { facts, file: bytes(message.byteLength - 4 - length), size: message.byteLength };
}

// A sheet to look at.
/** @type {(...asked: Asked) => Promise<ImageBitmap>} */
export async function fetchPicture(...asked) {
  const { file } = await fetchSheet(...asked);
  return createImageBitmap(new Blob([file], { type: "image/webp" }));
}

// A sheet to decode with, evenly spaced.
/** @type {(...asked: Asked) => Promise<Decoder & { size: number }>} */
export async function fetchSheetDecoder(...asked) {
  const { facts, file, size } = await fetchSheet(...asked);
  const { width, bytes } = await greyOf(file);
  return { ...decoder(facts, width, bytes), size };
}

// Both of one sheet.
/** @type {(...asked: Asked) => Promise<{ picture: ImageBitmap, decoder: Decoder }>} */
export async function fetchBoth(...asked) {
  const { facts, file } = await fetchSheet(...asked);
  const [{ width, bytes }, picture] = await Promise.all([
    greyOf(file), createImageBitmap(new Blob([file], { type: "image/webp" })),
  ]);
  return { picture, decoder: decoder(facts, width, bytes) };
}

// The codes of digits of 784 bytes each, by a model: one Float32Array each, the mean of a cloud.
/** @type {(model: string, digits: Uint8Array[]) => Promise<Float32Array[]>} */
export async function encode(model, digits) {
  const body = new Uint8Array(digits.reduce((sum, grey) => sum + grey.length, 0));
  digits.forEach((grey, i) => body.set(grey, i * grey.length));
  const reply = await ask("live/encode", pack({ model, count: digits.length }, body));
  const { header: { code }, floats } = unpack(await reply.arrayBuffer());
  return digits.map(() => floats(code));
}

/** @type {(lattice: { side: number, xs: number[], ys: number[] }, width: number, bytes: Uint8Array) => Decoder} */
export function decoder({ side, xs, ys }, width, bytes) {
  const out = new Uint8Array(side * side);

  // The four tiles about a point, each by how near it is. Beyond the edge it is the edge.
  /** @type {Decoder["blend"]} */
  function blend(x, y) {
    const [column, right] = cell(xs, x);
    const [rising, over] = cell(ys, y);
    const row = ys.length - 2 - rising; // row 0 of the picture is the highest
    const weights = [over * (1 - right), over * right, (1 - over) * (1 - right), (1 - over) * right];
    const corner = row * side * width + column * side;
    const below = side * width;
    for (let py = 0; py < side; py++) {
      for (let px = 0; px < side; px++) {
        const at = corner + py * width + px;
        out[py * side + px] =
          weights[0] * bytes[at] + weights[1] * bytes[at + side] +
          weights[2] * bytes[at + below] + weights[3] * bytes[at + below + side] + 0.5;
      }
    }
    return out;
  }

  return { blend };
}

// Which gap of an even lattice a value is in, and how far along it is.
/** @type {(values: number[], value: number) => number[]} */
function cell(values, value) {
  const last = values.length - 1;
  const at = Math.max(0, Math.min(last, ((value - values[0]) / (values[last] - values[0])) * last));
  const index = Math.min(last - 1, Math.floor(at));
  return [index, at - index];
}

// What a model draws from codes of `size` numbers, exactly: one picture of 784 bytes each.
/** @type {(model: string, codes: ArrayLike<number>, size: number) => Promise<Uint8Array[]>} */
export async function decode(model, codes, size) {
  const count = codes.length / size;
  const body = new Uint8Array(Float32Array.from(codes).buffer);
  const reply = await ask("live/decode", pack({ model, count }, body));
  const { header: { side }, bytes } = unpack(await reply.arrayBuffer());
  return Array.from({ length: count }, () => bytes(side * side));
}

// What a model draws from one code, exactly; whether a digit classifier is sure of it, and what it
// takes it for, in words. No words where there is no classifier.
/** @type {(model: string, code: ArrayLike<number>) => Promise<{ grey: Uint8Array, sure: boolean | null, looks: string }>} */
export async function decodeOne(model, code) {
  const body = new Uint8Array(Float32Array.from(code).buffer);
  const reply = await ask("live/decode", pack({ model, count: 1, judged: true }, body));
  const { header: { side, judged }, bytes, floats } = unpack(await reply.arrayBuffer());
  const grey = bytes(side * side);
  if (!judged) return { grey, sure: null, looks: "" };
  const [digit] = bytes(1);
  const sure = isSure({ chances: floats(1) }, 0);
  return { grey, sure, looks: sure ? `looks like a ${digit}` : `unclear, perhaps a ${digit}` };
}

// Sprites: many pictures of one size in a single image, as the server sends them.

// The grey bytes of an image file, row by row: { width, height, bytes }.
/** @type {(file: Uint8Array<ArrayBuffer>, type?: string) => Promise<{ width: number, height: number, bytes: Uint8Array }>} */
export async function greyOf(file, type = "image/webp") {
  const bitmap = await createImageBitmap(new Blob([file], { type }));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser cannot paint.");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const bytes = new Uint8Array(width * height);
  for (let i = 0; i < bytes.length; i++) bytes[i] = data[4 * i];
  return { width, height, bytes };
}
