// The way of the pen that opens the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { upTo } from "../../playground/components/drawing/opening.js";

const STROKES = [[[0, 0], [0.3, 0]], [[0.5, 0], [0.5, 0], [0.5, 0.1]]];

test("a pen that has not moved has put down a point", () => {
  assert.deepEqual(upTo(STROKES, 0), [[[0, 0]]]);
});

test("a share of the way is drawn, stroke after stroke", () => {
  const [[from, to]] = upTo(STROKES, 0.375);
  assert.deepEqual(from, [0, 0]);
  assert.ok(Math.abs(to[0] - 0.15) < 1e-12 && to[1] === 0);
  const [first, second] = upTo(STROKES, 0.875);
  assert.deepEqual(first, STROKES[0]);
  assert.ok(Math.abs(second.at(-1)[1] - 0.05) < 1e-12);
});

test("the whole way is the strokes themselves", () => {
  assert.deepEqual(upTo(STROKES, 1), STROKES);
});
