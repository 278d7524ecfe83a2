// The files that engines are tested with, and how near is near.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** @returns {ArrayBuffer} */
export function fileOf(name) {
  const folder = name === "classifier" ? "classifier/" : "";
  const file = readFileSync(new URL(`../../checkpoints/${folder}${name}.safetensors`, import.meta.url));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

// Within `share` of the largest of the numbers.
export function near(found, expected, share, where) {
  assert.equal(found.length, expected.length, where);
  const most = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const off = expected.reduce((max, value, i) => Math.max(max, Math.abs(found[i] - value)), 0);
  assert.ok(off <= share * most, `${where}: off by ${off}, of ${most}`);
}
