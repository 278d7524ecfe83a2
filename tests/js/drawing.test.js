import assert from "node:assert/strict";
import { test } from "node:test";

import { History, crop } from "../../playground/components/drawing/ink.js";
import { decode, encode, onGrid, snapped } from "../../playground/components/drawing/sketch.js";

const STROKE = { tool: "pen", size: 0.0713, points: [[0.1, 0.2], [0.1234567, -0.5], [7.99, 3]].map(snapped) };
const DIGIT = { tool: "strokes", size: 0.08, strokes: [[[0, 0], [1, 1]], [[0.5, 0.25]]] };

test("a drawing that went through text is the same, when it lay on the grid before", async () => {
  const actions = [DIGIT, STROKE, { ...STROKE, tool: "eraser" }].map(onGrid);
  assert.deepEqual(await decode(await encode(actions)), actions);
  assert.deepEqual(actions.map(onGrid), actions);
});

test("an empty drawing is an empty text, and wiping it leaves no trace", async () => {
  assert.equal(await encode([]), "");
  assert.equal(await encode([{ tool: "clear" }]), "");
  assert.deepEqual(await decode(""), []);
});

test("a pen that leaves the canvas comes no further than eight times its side", () => {
  assert.deepEqual(snapped([99, -99]), [8, -8]);
});

test("of a text that was cut nothing is read, wherever that was", async () => {
  const text = await encode([onGrid(STROKE)]);
  for (let end = 1; end < text.length; end++) {
    const read = await decode(text.slice(0, end)).catch(() => []);
    assert.deepEqual(read, [], text.slice(0, end));
  }
});

function picture(width, height, dots) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (const [x, y, ink] of dots) data[4 * (y * width + x) + 3] = ink;
  return { data, width, height };
}

test("ink is cropped to its box, and nothing is none", () => {
  assert.equal(crop(picture(9, 9, [])), null);
  const { width, height, bytes } = crop(picture(280, 280, [[3, 5, 255], [5, 5, 7], [4, 6, 100]]));
  assert.deepEqual([width, height], [3, 2]);
  assert.deepEqual([...bytes], [255, 0, 7, 0, 100, 0]);
});

test("a large drawing is averaged down to 100 pixels at most", () => {
  const dots = [];
  for (let i = 0; i < 201; i++) dots.push([i, 0, 255]);
  const { width, height, bytes } = crop(picture(280, 280, dots));
  assert.deepEqual([width, height], [67, 1]);
  assert.deepEqual([...new Set(bytes)], [85]); // one row of three has ink
});

test("undo and redo go back and forth until something new is drawn", () => {
  const history = new History();
  history.add(STROKE);
  history.add(DIGIT);
  history.undo();
  assert.deepEqual(history.visible, [STROKE]);
  history.redo();
  assert.deepEqual(history.visible, [DIGIT]); // it wipes what was before
  history.undo();
  history.add({ tool: "clear" });
  assert.equal(history.canRedo, false);
  assert.deepEqual(history.visible, [{ tool: "clear" }]);
});
