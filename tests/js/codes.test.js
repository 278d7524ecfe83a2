// Codes of a lattice as numbers, and back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { codesOf, countOf, latentsOf, numbersOf } from "../../playground/components/engine/latent/codes.js";

const codes = { levels: [3, 2], cells: 6 };

test("numbers stand for points of the lattice, the first number of a code changing fastest", () => {
  assert.equal(countOf(codes), 6);
  const latents = latentsOf([0, 1, 2, 3, 4, 5], codes);
  assert.deepEqual([...latents], [-1, 0, 1, -1, 0, 1, -1, -1, -1, 1, 1, 1]);
  assert.deepEqual(numbersOf(latents, codes), [0, 1, 2, 3, 4, 5]);
});

test("what lies between codes has the number of the nearest", () => {
  assert.deepEqual(numbersOf([-0.6, 0.4, 0.6, 5, -5, 0, -0.1, 0.1, 0.9, -9, 9, -0.3], codes), [0, 4, 5, 2, 3, 1]);
});

test("the lattice is found in a model's layers", () => {
  const decode = { operations: [{ kind: "reshape" }, { kind: "lattice", levels: [6, 6], shape: [2, 7, 7] }] };
  assert.deepEqual(codesOf({ decode }), { levels: [6, 6], cells: 49 });
  assert.equal(codesOf({ decode: { operations: [{ kind: "linear" }] } }), null);
});
