// Pictures that are spoilt or no digits, as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { corrupt } from "../../playground/components/engine/data/corruption.js";
import { PASSES, again, denoised, scoresOf } from "../../playground/components/engine/evaluation/robustness.js";
import { toBytes, toFloats } from "../../playground/components/engine/numbers/float32.js";
import { close, golden, same } from "./golden.js";
import { linear } from "./linear.js";

const { models, pictures, scores, digit, kinds, passes, changes, ...size } = golden("robustness");
const IN_OTHER_ORDER = ["blur", "turned"]; // these sums are rounded in another order
const NOISE = { strength: 0.5, seed: 3 };

test("how strange pictures are", async () => {
  for (const [name, { error, nats }] of Object.entries(scores)) {
    const found = await scoresOf(linear(models[name]), toFloats(pictures), error.length);
    close(found.error, error, 1e-6, name);
    if (nats) close(found.nats, nats, 1e-6, name);
    else assert.equal(found.nats, null);
  }
});

test("every kind of noise, and what is drawn of it", async () => {
  const found = await denoised(linear(models["a point"]), toFloats(digit), NOISE, size);
  assert.deepEqual(found.map(({ kind }) => kind), Object.keys(kinds));
  for (const { kind, noisy, drawn, before, after } of found) {
    for (const [picture, expected] of [[noisy, kinds[kind].noisy], [drawn, kinds[kind].drawn]]) {
      if (IN_OTHER_ORDER.includes(kind)) close([...toBytes(picture)].map((value, i) => value - expected[i]), [...expected].fill(0), 1, kind);
      else same(toBytes(picture), expected, kind);
    }
    close([before, after], [kinds[kind].before, kinds[kind].after], 1e-6, kind);
  }
});

test("the model's own drawing goes back in, again and again", async () => {
  const start = corrupt(toFloats(digit), { kind: "masking", ...NOISE }, size);
  const found = await again(linear(models["a point"]), start);
  assert.equal(found.pictures.length, PASSES.length);
  found.pictures.forEach((picture, i) => same(toBytes(picture), passes[i], `after ${PASSES[i]}`));
  close(found.changes, changes, 1e-6);
});
