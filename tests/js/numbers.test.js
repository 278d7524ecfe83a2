import assert from "node:assert/strict";
import { test } from "node:test";

import { isSure } from "../../playground/components/engine/evaluation/verdicts.js";
import { dice, gaussian, randomBytes, shuffled } from "../../playground/components/engine/numbers/random.js";

import { curvesOf, klOf } from "../../playground/components/train/runs/curves.js";
import { decibels, duration, nats, perPixel, signed, size } from "../../playground/components/ui/numbers.js";

test("numbers are written with the digits that mean something", () => {
  assert.deepEqual([1234.5, 123.45, 12.345, 0.01234, 0, -0.0001, NaN].map(nats), ["1235", "123.5", "12.35", "0.012", "0.00", "0.000", "–"]);
  assert.deepEqual([78.4, 105.2, -1, NaN].map(perPixel), ["0.1000", "0.1342", "−0.0013", "–"]);
  assert.deepEqual([nats(-2), signed(-0.00012), signed(-0.004, 2), signed(1.5, 2)], ["−2.00", "−0.00012", "0.00", "1.50"]);
  assert.deepEqual([12.34, null, Infinity].map(decibels), ["12.3 dB", "no error", "no error"]);
  assert.deepEqual([0.2, 61, 3700, Infinity].map(duration), ["1 s", "1 min 01 s", "1 h 01 min", "–"]);
  assert.deepEqual([1500, 2_500_000].map(size), ["2 kB", "2.5 MB"]);
});

test("the same seed gives the same numbers, from 0 to below 1", () => {
  const [one, other] = [dice(7), dice(7)];
  const rolls = Array.from({ length: 1000 }, one);
  assert.deepEqual(Array.from({ length: 1000 }, other), rolls);
  assert.ok(rolls.every((roll) => roll >= 0 && roll < 1));
  assert.ok(Math.abs(rolls.reduce((sum, roll) => sum + roll) / 1000 - 0.5) < 0.05);
  assert.notDeepEqual(randomBytes(1, 32), randomBytes(2, 32));
  assert.deepEqual(shuffled([1, 2, 3, 4, 5], 3).sort(), [1, 2, 3, 4, 5]);
});

test("numbers from N(0, 1) have its mean and its spread", () => {
  const drawn = Array.from({ length: 20_000 }, gaussian);
  const mean = drawn.reduce((sum, value) => sum + value) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  assert.ok(Math.abs(mean) < 0.05 && Math.abs(variance - 1) < 0.1, `${mean} ${variance}`);
});

test("the classifier is sure of a picture from nine tenths on, if it was asked", () => {
  const row = { chances: Float32Array.of(0.95, 0.5, 0.9) };
  assert.deepEqual([0, 1, 2].map((i) => isSure(row, i)), [true, false, false]); // as float32, 0.9 is a little less
  assert.equal(isSure({ chances: null }, 0), false);
});

const LINES = [
  { kind: "progress", epoch: 0.5, train_rate: 9 },
  { kind: "epoch", epoch: 1, train_rate: 8, held_out_rate: 7, kl: [1] },
  { kind: "progress", epoch: 3.5, train_rate: 6.5 },
  { kind: "epoch", epoch: 4, train_rate: 6, held_out_rate: NaN, kl: [2, 3] },
  { kind: "progress", epoch: 4.25, train_rate: 5 },
];

test("averages over an epoch, moments of the first ones and of the one that is on, and held-out images are curves of their own", () => {
  assert.deepEqual(curvesOf(LINES, "rate"), { train: [[0.5, 8], [3.5, 6]], moments: [[[0.5, 9]], [[4.25, 5]]], heldOut: [[1, 7]] });
  assert.deepEqual(curvesOf([], "rate"), { train: [], moments: [], heldOut: [] });
  const steady = [0.5, 1.5, 2.5].map((epoch) => ({ kind: "progress", epoch, train_rate: epoch }));
  assert.deepEqual(curvesOf(steady, "rate").moments, [[[0.5, 0.5], [1.5, 1.5], [2.5, 2.5]]]);
  assert.deepEqual(klOf(LINES), [2, 3]);
  assert.equal(klOf([{ kind: "epoch" }]), null);
});
