// Noise, and how far it takes a picture away, as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { KINDS, corrupt } from "../../playground/components/engine/data/corruption.js";
import { mse, psnr } from "../../playground/components/engine/evaluation/reconstruction.js";
import { toBytes, toFloats } from "../../playground/components/engine/numbers/float32.js";
import { close, golden, same } from "./golden.js";

const { picture, height, width, strengths, noisy, digit, digits } = golden("noise");
const IN_OTHER_ORDER = ["blur", "turned"];

test("every kind is here", () => assert.deepEqual(Object.keys(KINDS), Object.keys(noisy)));

for (const [kind, pictures] of Object.entries(noisy)) {
  test(`${kind}: the same picture as in Python`, () => {
    pictures.forEach((expected, i) => {
      const found = corrupt(picture, { kind, strength: strengths[i], seed: 9 }, { height, width });
      const check = IN_OTHER_ORDER.includes(kind) ? close : same;
      check(found, expected, ...(check === close ? [1e-6] : []), `strength ${strengths[i]}`);
    });
  });
}

test("a digit with noise: the same bytes, and as far away", () => {
  const clean = toFloats(digit);
  for (const { noisy: expected, mse: far, psnr: decibels, ...noise } of digits) {
    const found = corrupt(clean, noise);
    same(toBytes(found), expected, `${noise.kind} ${noise.strength}`);
    close([mse(found, clean)], [far], 1e-7);
    if (decibels === null) assert.equal(psnr(mse(found, clean)), Infinity);
    else close([psnr(mse(found, clean))], [decibels], 1e-6);
  }
});

test("a name that is none is refused", () => {
  assert.throws(() => corrupt(picture, { kind: "rain", strength: 1, seed: 0 }), /no noise called "rain"/);
});
