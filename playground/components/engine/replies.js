// What the server says of one drawing, and of rows of pictures, taken apart.

import { unpack } from "./bytes.js";

/**
 * @typedef {{
 *   name: string, psnr: number | null, mse: number, active: number, sampled?: boolean,
 *   side: number, clean: Uint8Array, noisy: Uint8Array, picture: Uint8Array,
 *   code: Float32Array, cloud: { mean: Float32Array, spread: Float32Array } | null,
 * }} View
 * @typedef {{ name: string, side: number, pictures: Uint8Array[], classes: Uint8Array | null, chances: Float32Array | null }} Row
 */

/** @param {ArrayBuffer} reply */
export function readViews(reply) {
  const { header, bytes, floats } = unpack(reply);
  const { side } = header;
  const clean = bytes(side * side);
  const noisy = bytes(side * side);
  /** @type {Uint8Array[]} */
  const pictures = header.models.map(() => bytes(side * side));
  /** @type {View[]} */
  const views = header.models.map((/** @type {any} */ model, /** @type {number} */ i) => ({
    ...model,
    side,
    clean,
    noisy,
    picture: pictures[i],
    code: floats(model.code),
    cloud: model.cloud ? { mean: floats(model.code), spread: floats(model.code) } : null,
  }));
  return { side, clean, noisy: { ...header.noisy, picture: noisy }, views };
}

// Rows of pictures as the server sends them, and what the digit classifier says of each.

export const SURE = 0.9; // a chance from which on the classifier counts as sure

// A reply taken apart: its header, and { name, pictures, classes, chances } a row, where classes
// and chances are null if nothing was judged. See `pack_rows` in ../../live/rows.py.
/** @type {(reply: ArrayBuffer) => { header: any, rows: Row[] }} */
export function readRows(reply) {
  const { header, bytes, floats } = unpack(reply);
  const { side, count, judged } = header;
  /** @type {Row[]} */
  const rows = header.rows.map((/** @type {string} */ name) => (
    { name, side, pictures: cut(bytes(count * side * side), side * side), classes: null, chances: null }
  ));
  for (const row of judged ? rows : []) [row.classes, row.chances] = [bytes(count), floats(count)];
  return { header, rows };
}

/** @type {(bytes: Uint8Array, size: number) => Uint8Array[]} */
function cut(bytes, size) {
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** @type {(row: Pick<Row, "chances">, i: number) => boolean} */
export const isSure = (row, i) => (row.chances?.[i] ?? 0) >= SURE;

/** @type {(row: Row) => number | null} */
export function sureOf({ chances }) {
  return chances ? chances.filter((chance) => chance >= SURE).length : null;
}
