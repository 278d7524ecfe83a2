// The nearest codes of a lattice and of a codebook, and the gradient that goes straight through them, as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Program } from "../../playground/components/engine/kernel/program.js";
import { plainRoom } from "../../playground/components/engine/kernel/plain.js";
import { Backward } from "../../playground/components/engine/models/backward.js";
import { golden, same } from "./golden.js";

const { maps, shape, levels, lattice, book, codebook } = golden("codes");
const weights = { shape: () => book.shape, tensor: () => book };

const programOf = (operation) => new Program(
  { input: shape, operations: [{ of: [0], shape, module: "", ...operation }], outputs: { found: 1 } }, weights, plainRoom,
);

for (const [kind, operation, expected] of [
  ["lattice", { levels }, lattice],
  ["codebook", { weight: "codes" }, codebook],
]) {
  test(`the nearest codes of a ${kind} are those of PyTorch, also where two are as near`, () => {
    const program = programOf({ kind, ...operation });
    const [found] = program.outputs(maps, 2, ["found"]);
    same(found, expected);
    program.run(maps);
    const by = maps.slice(0, maps.length / 2);
    same(new Backward(program, weights).gradient(1, by), by);
  });
}

test("a number is stretched and moved, and so is its gradient, without being moved", () => {
  const program = programOf({ kind: "affine", by: 2, plus: -1 });
  program.run(maps);
  const half = maps.slice(0, maps.length / 2);
  same(program.read(1), half.map((value) => 2 * value - 1));
  same(new Backward(program, weights).gradient(1, half), half.map((value) => 2 * value));
});

test("codes that do not fit the maps are refused", () => {
  for (const operation of [
    { kind: "lattice", levels: [6, 5] },
    { kind: "lattice", levels: [6, 5, 1] },
    { kind: "lattice", levels: [6, 5, 2.5] },
    { kind: "lattice" },
  ]) assert.throws(() => programOf(operation), /do not fit together: lattice makes/);
  
  const wide = { shape: () => [7, 4], tensor: () => book };
  const plain = { input: shape, operations: [{ kind: "codebook", of: [0], shape, module: "", weight: "codes" }], outputs: {} };
  assert.throws(() => new Program(plain, wide, plainRoom), /do not fit together: codebook makes/);
});
