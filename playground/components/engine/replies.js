// What the server says of one drawing, and of rows of pictures, taken apart.

import { unpack } from "./bytes.js";

export function readViews(reply) {
  const { header, bytes, floats } = unpack(reply);
  const { side } = header;
  const clean = bytes(side * side);
  const noisy = bytes(side * side);
  const pictures = header.models.map(() => bytes(side * side));
  const views = header.models.map((model, i) => ({
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
export function readRows(reply) {
  const { header, bytes, floats } = unpack(reply);
  const { side, count, judged } = header;
  const rows = header.rows.map((name) => ({ name, side, pictures: cut(bytes(count * side * side), side * side) }));
  for (const row of rows) {
    row.classes = judged ? bytes(count) : null;
    row.chances = judged ? floats(count) : null;
  }
  return { header, rows };
}

function cut(bytes, size) {
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

export const isSure = (row, i) => row.chances[i] >= SURE;

export function sureOf({ chances }) {
  return chances ? chances.reduce((sum, chance) => sum + (chance >= SURE), 0) : null;
}
