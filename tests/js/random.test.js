// Random numbers as PyTorch draws them.

import { test } from "node:test";

import { generator } from "../../playground/components/engine/numbers/random.js";
import { golden, same } from "./golden.js";

const { "in turn": inTurn, ...draws } = golden("random");

for (const [seed, { uniform, integers, normal }] of Object.entries(draws)) {
  test(`seed ${seed}: the same numbers as in Python`, () => {
    const fresh = () => generator(Number(seed));
    same(fresh().uniform(uniform.length), uniform, "uniform");
    same(fresh().integers(integers.length, 1000), integers, "integers");
    for (const numbers of Object.values(normal)) same(fresh().normal(numbers.length), numbers, `${numbers.length} normal`);
  });
}

test("a generator goes on where the last draw ended", () => {
  const { normal } = generator(3);
  for (const numbers of inTurn) same(normal(numbers.length), numbers, `${numbers.length}`);
});
