// The decoder that runs while a point is dragged: it blends the tiles of a sheet about the point.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decoder } from "../../playground/components/engine/sheet.js";

const SIDE = 2;
const xs = [-2, 0, 2, 4, 6];
const ys = [-1, -0.5, 0, 0.5];

// Each tile says where it lies, 2x + 40y + 100, and each of its pixels which one it is.
const said = (x, y, pixel) => 2 * x + 40 * y + 100 + 3 * pixel;

function sheet() {
  const width = xs.length * SIDE;
  const bytes = new Uint8Array(width * ys.length * SIDE);
  ys.forEach((y, rising) => xs.forEach((x, column) => {
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const top = (ys.length - 1 - rising) * SIDE + Math.floor(pixel / SIDE); // up is up
      bytes[top * width + column * SIDE + (pixel % SIDE)] = said(x, y, pixel);
    }
  }));
  return decoder({ side: SIDE, xs, ys }, width, bytes);
}

const expected = (x, y) => [0, 1, 2, 3].map((pixel) => Math.floor(said(x, y, pixel) + 0.5));

test("at a point of the lattice the picture is the tile there", () => {
  const { blend } = sheet();
  for (const x of xs) for (const y of ys) assert.deepEqual([...blend(x, y)], expected(x, y), `${x}, ${y}`);
});

test("between the points the nearer tiles count more, each way", () => {
  const { blend } = sheet();
  for (const [x, y] of [[-1.5, -0.9], [0.5, -0.4], [3.75, 0.1], [5.9, 0.45], [1, 0.25]]) {
    assert.deepEqual([...blend(x, y)], expected(x, y), `${x}, ${y}`);
  }
});

test("beyond the edge the picture is that of the edge", () => {
  const { blend } = sheet();
  assert.deepEqual([...blend(-100, 100)], expected(-2, 0.5));
  assert.deepEqual([...blend(100, -100)], expected(6, -1));
});
