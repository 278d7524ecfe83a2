// Rows of pictures as the server sends them, and what the digit classifier says of each.

import { unpack } from "./wire.js";

export const SURE = 0.9; // a chance from which on the classifier counts as sure

// The row that no model draws: the pixels themselves, faded or added up.
export const PIXELS = {
  name: "pixels",
  sentence: "No model: the pixels themselves.",
  colour: "#6f7882",
  mark: "M-.85-.85H0V0H-.85ZM0 0H.85V.85H0Z",
};

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

// The verdict on one picture in words.
export function verdict(row, i) {
  if (!row?.chances) return "–";
  const chance = Math.floor(100 * row.chances[i]); // 99.6 % is not yet 100 %
  return `${isSure(row, i) ? "sure" : "unsure"}: ${row.classes[i]}, ${chance} %`;
}
