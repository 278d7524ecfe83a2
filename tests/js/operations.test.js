// Operations that few models have: the nearest codes, numbers moved, values put together; forwards and backwards.

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

test("values are put one after the other, and each gets its part of the gradient", () => {
  const [maps1, maps2] = [[2, 2, 3], [1, 2, 3]];
  const plain = {
    input: [3, 2, 3],
    operations: [
      { kind: "slice", of: [0], start: 1, shape: maps1, module: "" },
      { kind: "slice", of: [0], start: 0, shape: maps2, module: "" },
      { kind: "cat", of: [1, 2, 2], shape: [4, 2, 3], module: "" },
    ],
    outputs: { found: 3 },
  };
  const program = new Program(plain, weights, plainRoom);
  const values = Float32Array.from({ length: 36 }, (_, i) => i);
  const image = (first) => [6, 12, 0, 0].flatMap((from) => Array.from({ length: 6 }, (_, i) => first + from + i));
  same(program.outputs(values, 2, ["found"])[0], Float32Array.from([...image(0), ...image(18)]));
  const by = Float32Array.from({ length: 24 }, (_, i) => 100 * i);
  const gradient = new Backward(program, weights).gradient(3, by);
  same(gradient, Float32Array.from({ length: 18 }, (_, i) => (i < 6 ? by[12 + i] + by[18 + i] : by[i - 6])));
  for (const wrong of [[3, 2, 3], [4, 3, 2]]) {
    const odd = { ...plain, operations: plain.operations.with(2, { ...plain.operations[2], shape: wrong }) };
    assert.throws(() => new Program(odd, weights, plainRoom), /do not fit together/);
  }
});
