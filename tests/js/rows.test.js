// Rows of pictures by a model: films, sums, and the latents they are drawn from.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawn, fade, filmOf, pixelSum, sumOf } from "../../playground/components/engine/evaluation/rows.js";
import { STEPS, arithmetic, walk } from "../../playground/components/engine/latent/interpolation.js";
import { fromHalves, toBytes, toFloats } from "../../playground/components/engine/numbers/float32.js";
import { golden } from "./golden.js";
import { linear } from "./linear.js";

const model = linear(golden("spaces").model);
const { tiles, xs, ys } = golden("spaces").sheet;
const PIXELS = tiles.length / (xs.length * ys.length);
const DIGITS = Array.from({ length: 3 }, (_, digit) => Uint8Array.from({ length: PIXELS }, (_each, i) => (83 * digit + 41 * i) % 256));
const codes = await Promise.all(DIGITS.map(async (digit) => (await model.encode(toFloats(digit), 1)).mean));

test("a film is what a model draws on the way, and a tour goes on through all digits", async () => {
  const pair = { frames: 5, path: "straight", tour: false };
  const film = await filmOf(model, DIGITS.slice(0, 2), pair);
  assert.deepEqual(film, await drawn(model, walk(codes.slice(0, 2), pair), 5));
  assert.equal((await filmOf(model, DIGITS, { ...pair, path: "spherical", tour: true })).length, 15);
});

test("the cross-fade begins and ends with the digits", () => {
  const film = fade(DIGITS.slice(0, 2), { frames: 3, path: "spherical", tour: false });
  assert.deepEqual([film[0], film[2]], DIGITS.slice(0, 2));
  film[1].forEach((value, i) => assert.ok(Math.abs(value - (DIGITS[0][i] + DIGITS[1][i]) / 2) <= 0.5));
  assert.deepEqual(fade(DIGITS, { frames: 2, path: "straight", tour: true }).filter((_, i) => i % 2 === 0), DIGITS);
});

test("a sum has a and b, and then the way from c to the result", async () => {
  const rows = await sumOf(model, DIGITS);
  assert.equal(rows.length, 2 + STEPS.length);
  assert.deepEqual(rows.slice(0, 3), await Promise.all(codes.map(async (code) => toBytes(await model.decode(code, 1)))));
  const [a, b, c] = codes;
  assert.deepEqual(rows.at(-1), toBytes(await model.decode(arithmetic(a, b, c), 1)));
  const pixels = pixelSum(DIGITS).at(-1);
  pixels.forEach((value, i) => assert.equal(value, Math.max(0, Math.min(255, DIGITS[0][i] - DIGITS[1][i] + DIGITS[2][i]))));
});

test("half precision is read as it was written: fractions, the least numbers and the largest, both zeros", () => {
  const bits = [0x3c00, 0xc000, 0x3555, 0x0001, 0x83ff, 0x0400, 0x7bff, 0x0000, 0x8000];
  const numbers = [1, -2, 1365 / 4096, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, 65504, 0, -0];
  assert.deepEqual([...fromHalves(Uint16Array.from(bits))], numbers);
});
