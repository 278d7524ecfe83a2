// What vae_core says, as `python -m tests.support.arithmetic` wrote it down, and how near to it is near.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

// A fixture, its packed arrays as Uint8Array and Float32Array.
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8"), (_, value) => {
    if (typeof value?.bytes === "string") return Uint8Array.from(Buffer.from(value.bytes, "base64"));
    if (typeof value?.floats !== "string") return value;
    return new Float32Array(Uint8Array.from(Buffer.from(value.floats, "base64")).buffer);
  });
}

// The very same numbers.
export function same(found, expected, where = "") {
  assert.equal(found.length, expected.length, `length ${where}`);
  const wrong = [...expected].findIndex((value, i) => !Object.is(value + 0, found[i] + 0));
  assert.equal(wrong, -1, `${where} at ${wrong}: ${found[wrong]} instead of ${expected[wrong]}`);
}

// The same numbers but for rounding: `share` of the number itself, or of 1 if it is less.
export function close(found, expected, share = 1e-6, where = "") {
  assert.equal(found.length, expected.length, `length ${where}`);
  expected.forEach((value, i) => {
    const off = Math.abs(found[i] - value);
    assert.ok(off <= share * Math.max(1, Math.abs(value)), `${where} at ${i}: ${found[i]} instead of ${value}`);
  });
}
