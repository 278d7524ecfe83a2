// The digit in a drawing, byte by byte as in Python.

import { test } from "node:test";

import { toDigit } from "../../playground/components/engine/data/digit.js";
import { reduced } from "../../playground/components/engine/data/raster.js";
import { golden, same } from "./golden.js";

const { drawn, hard, picture, size, reduced: smaller } = golden("digits");

test("every example, with thin pens and thick ones", () => {
  drawn.forEach(({ side, ink, digit }, i) => same(toDigit({ width: side, height: side, bytes: ink }), digit, `example ${i}`));
});

for (const [name, { width, height, parts, digit }] of Object.entries(hard)) {
  test(`a drawing that is hard: ${name}`, () => {
    const bytes = new Uint8Array(width * height);
    for (const [left, top, across, down, grey] of parts) {
      for (let y = top; y < top + down; y++) bytes.fill(grey, y * width + left, y * width + left + across);
    }
    same(toDigit({ width, height, bytes }), digit);
  });
}

test("a large picture is reduced as Pillow reduces it", () => {
  const [height, width] = size;
  for (const [factor, bytes] of Object.entries(smaller)) {
    same(reduced({ width, height, bytes: picture }, Number(factor)).bytes, bytes, `by ${factor}`);
  }
});
