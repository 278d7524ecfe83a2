// What models make of a digit, what it costs them, and codes in fewer bits, as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { costsOf, floorOf } from "../../playground/components/engine/evaluation/costs.js";
import { dequantise, quantise } from "../../playground/components/engine/evaluation/quantise.js";
import { STRENGTHS, psnrCurve, psnrOfEach, spoilt, spoiltMore, viewOf } from "../../playground/components/engine/evaluation/reconstruction.js";
import { close, golden, same } from "./golden.js";
import { linear } from "./linear.js";

const views = golden("views");
const costs = golden("costs");
const bits = golden("bits");

const decibels = (values) => values.map((value) => (value === Infinity ? null : value));

for (const { noise, seed, noisy, mse, psnr, views: expected } of views.cases) {
  test(`${noise.kind} at ${noise.strength}, drawn with ${seed}: what every model makes of it`, async () => {
    const seen = spoilt(views.digit, noise, views);
    same(seen.picture, noisy);
    close([seen.mse], [mse], 1e-7);
    close(decibels([seen.psnr]), [psnr], 1e-6);
    for (const [name, weights] of Object.entries(views.models)) {
      const view = await viewOf(linear(weights), seen, seed);
      const { picture, code, cloud, ...numbers } = expected[name];
      same(view.picture, picture, name);
      close(view.code, code, 1e-6, name);
      assert.equal(view.cloud === null, cloud === null);
      if (cloud) [view.cloud.mean, view.cloud.spread].forEach((each, i) => close(each, cloud[i], 1e-6, name));
      assert.equal(view.sampled, numbers.sampled);
      for (const key of ["mse", "psnr", "active"]) close([view[key]], [numbers[key]], 1e-6, `${name} ${key}`);
    }
  });
}

test("PSNR over the strength of the noise", async () => {
  close(STRENGTHS, views.strengths, 0);
  const more = spoiltMore(views.digit, views.cases[0].noise, views);
  close(decibels(psnrOfEach(more.images, more.clean)), views.curves[""], 1e-6);
  for (const [name, weights] of Object.entries(views.models)) {
    close(decibels(await psnrCurve(linear(weights), more)), views.curves[name], 1e-6, name);
  }
});

test("costs in nats, by logits and by pixels alone", async () => {
  const { image, picture } = spoilt(costs.digit, costs.noise, costs);
  same(picture, costs.picture);
  close([floorOf(image)], [costs.floor], 1e-6);
  for (const [name, expected] of Object.entries(costs.models)) {
    const model = linear(expected.model);
    // By pixels alone a grey pixel of which single precision is sure is too cheap.
    for (const [one, share] of [[model, 1e-6], [{ encode: model.encode, decode: model.decode }, 1e-3]]) {
      const found = await costsOf(one, image);
      const numbers = [found.distortion, found.rate, found.crossEntropy, found.squaredError];
      close(numbers, [expected.distortion, expected.rate, expected.cross_entropy, expected.squared_error], share, name);
      same(found.picture, expected.picture, name);
      close(found.rates, expected.rates, 1e-6, name);
      close(found.cloud.mean, expected.mean, 1e-6, name);
      close(found.cloud.spread, expected.std, 1e-6, name);
    }
  }
});

test("a pixel that is white beyond doubt costs no infinite nats, and a point has no costs", async () => {
  const image = Float32Array.of(1, 0.5, 0);
  const posterior = { mean: Float32Array.of(0), logVar: Float32Array.of(0) };
  const sure = { encode: async () => posterior, decode: async (_, count) => new Float32Array(3 * count).fill(1) };
  const { crossEntropy } = await costsOf(sure, image);
  close([crossEntropy], [1.5 * 24 * Math.LN2], 1e-6);
  await assert.rejects(costsOf({ ...sure, encode: async () => ({ ...posterior, logVar: null }) }, image), /is a point/);
});

test("a code in a byte a number, and what comes back", () => {
  const { codes, low, high, steps, back } = bits;
  same(quantise(codes, { low, high }), steps);
  same(dequantise(steps, { low, high }), back);
});
