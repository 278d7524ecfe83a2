// The digits in photographs, byte by byte as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { digitsIn } from "../../playground/components/engine/data/photographs.js";
import { golden, same } from "./golden.js";

// Colour by colour in the fixture, pixel by pixel on a canvas.
function interleaved(planes) {
  const count = planes.length / 4;
  return Uint8Array.from({ length: planes.length }, (_, i) => planes[(i % 4) * count + Math.floor(i / 4)]);
}

for (const [name, { width, height, layers, digits }] of Object.entries(golden("photographs"))) {
  test(`a picture: ${name}`, () => {
    const found = digitsIn(interleaved(layers), width, height);
    assert.equal(found.length, digits.length / 784);
    same(found.flatMap((digit) => [...digit]), digits);
  });
}

const painted = (width, height, paint) => {
  const layers = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) if (paint(i % width, Math.floor(i / width))) layers.fill(20, 4 * i, 4 * i + 3);
  return layers;
};

test("an empty sheet and a shape filled in are refused with a sentence", () => {
  assert.throws(() => digitsIn(painted(90, 80, () => false), 90, 80), /empty/);
  assert.throws(() => digitsIn(painted(300, 200, (x, y) => Math.hypot(x - 150, y - 90) < 20), 300, 200), /filled in/);
});
