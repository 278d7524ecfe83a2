// What is said of reconstructions, on pictures where it is plain.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findings, keptNoise } from "../../playground/components/engine/evaluation/findings.js";

const clean = Uint8Array.from({ length: 100 }, (_, i) => (i % 10 < 5 ? 200 : 0));
const noisy = clean.map((value, i) => value + ((i * 37) % 50));
const half = clean.map((value, i) => value + Math.round(((i * 37) % 50) / 2));
const three = { class: 3, chance: 0.99 };
const of = (picture, psnr, judged = three) => ({ picture, psnr, judged });

test("the share of the noise that is kept is that which was added", () => {
  assert.equal(keptNoise(noisy, clean, noisy), 1);
  assert.equal(keptNoise(clean, clean, noisy), 0);
  assert.ok(Math.abs(keptNoise(half, clean, noisy) - 0.5) < 0.02);
  assert.equal(keptNoise(half, clean, clean), 0, "where there is no noise none is kept");
});

test("noise is said first, then another digit, then who is closest", () => {
  const found = findings(clean, noisy, three, new Map([
    ["eight", of(clean, 30, { class: 8, chance: 0.8 })],
    ["one", of(clean, 12, { class: 1, chance: 0.8 })],
    ["unclear", of(clean, 12, { class: 3, chance: 0.4 })],
    ["noisy", of(noisy, 20, { class: 8, chance: 0.9 })],
    ["best", of(clean, 40)],
    ["good", of(clean, 25.04)],
  ]));
  assert.deepEqual([...found.values()], ["draws an 8", "draws a 1", "draws no clear digit", "keeps the noise", "closest: 40.0 dB", "25.0 dB"]);
});

test("of a drawing that is no digit nobody says which digit it became", () => {
  const scribble = { class: 5, chance: 0.3 };
  const seen = new Map([["vae", of(clean, 10, { class: 2, chance: 0.9 })]]);
  assert.deepEqual([...findings(clean, clean, scribble, seen).values()], ["10.0 dB"]);
  assert.deepEqual([...findings(clean, clean, null, seen).values()], ["10.0 dB"]);
  assert.deepEqual([...findings(clean, clean, null, new Map([["a", of(clean, Infinity)], ["b", of(half, 20)]])).values()], ["closest: no error", "20.0 dB"]);
});
