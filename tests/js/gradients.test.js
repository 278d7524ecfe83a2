import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { knownOf, normalised, unlikeness } from "../../playground/components/engine/evaluation/likeness.js";
import { kernelRooms } from "../../playground/components/engine/kernel/kernel.js";
import { Program } from "../../playground/components/engine/kernel/program.js";
import { Backward } from "../../playground/components/engine/models/backward.js";
import { Classifier, Network } from "../../playground/components/engine/models/network.js";
import { fileOf, near } from "./engine.js";
import { golden } from "./golden.js";
import { WASM } from "./kernel.js";

const { digits, classifier, ...models } = golden("models");
const { traces, ...units } = golden("gradients");
const images = Float32Array.from(digits, (byte) => byte / 255);
const image = images.slice(0, 784);
const rooms = kernelRooms(await WebAssembly.compile(readFileSync(WASM)));
const network = (name) => new Network(models[name].layers, fileOf(name), rooms);

for (const [name, { stages }] of Object.entries(models)) {
  test(`the layers of ${name} put out what those of PyTorch do`, () => {
    const found = network(name).activations(image);
    assert.deepEqual(
      found.map(({ part, kind, shape, weights }) => ({ part, kind, shape, weights })),
      stages.map(({ part, kind, shape, weights }) => ({ part, kind, shape, weights })),
    );
    found.forEach(({ values }, i) => {
      const { some } = stages[i];
      const places = Array.from(some, (_, k) => Math.floor((k * (values.length - 1)) / (some.length - 1) + 1e-6));
      near(places.map((place) => values[place]), some, 1e-4, `stage ${i}`);
    });
  });
}

for (const [name, asked] of Object.entries(units)) {
  test(`what excites units of ${name}, and what they draw, is as in PyTorch`, () => {
    const model = network(name);
    for (const { stage, unit, excites, draws } of asked) {
      const found = model.unit({ image, stage, unit, by: 1.5 });
      assert.equal(found.excites === null, excites === undefined);
      assert.equal(found.draws === null, draws === undefined);
      if (excites) near(found.excites, excites, 1e-4, `excites ${unit} of ${stage}`);
      if (draws) near(found.draws, draws, 1e-3, `draws ${unit} of ${stage}`);
    }
  });
}

const NAMES = {
  mean: "mean", logVar: "log_var", latents: "latents", picture: "picture", rates: "rates", gradLogits: "grad_logits",
  gradLatents: "grad_latents", gradMean: "grad_mean", gradLogVar: "grad_log_var", rateGradMean: "rate_grad_mean",
  rateGradLogVar: "rate_grad_log_var", sampledGradMean: "sampled_grad_mean", sampledGradLogVar: "sampled_grad_log_var",
};

for (const { name, noise, beta, likelihood, trace } of traces) {
  test(`the loss of ${name} and its gradients are those of PyTorch's autograd`, () => {
    const found = network(name).loss({ image, noise, beta, likelihood });
    for (const [ours, theirs] of Object.entries(NAMES)) near(found[ours], trace[theirs], 1e-4, ours);
    near([found.distortion, found.loss], [trace.distortion, trace.loss], 1e-5, "loss");
  });
}

test("the gradient through every operation is the slope that is seen", () => {
  const plain = {
    input: [2, 6, 6],
    operations: [
      { kind: "conv", of: [0], shape: [4, 6, 6], module: "", weight: "a", bias: null, stride: [1, 1], padding: [1, 1] },
      { kind: "tanh", of: [1], shape: [4, 6, 6], module: "" },
      { kind: "max_pool", of: [2], shape: [4, 3, 3], module: "", size: [2, 2], stride: [2, 2] },
      { kind: "silu", of: [3], shape: [4, 3, 3], module: "" },
      { kind: "add", of: [4, 3], shape: [4, 3, 3], module: "" },
      { kind: "conv_transpose", of: [5], shape: [3, 6, 6], module: "", weight: "b", bias: null, stride: [2, 2], padding: [1, 1] },
      { kind: "slice", of: [6], shape: [2, 6, 6], module: "", start: 1 },
      { kind: "sigmoid", of: [7], shape: [2, 6, 6], module: "" },
      { kind: "clamp", of: [8], shape: [2, 6, 6], module: "", min: 0.4, max: 0.6 },
      { kind: "logit", of: [9], shape: [2, 6, 6], module: "" },
      { kind: "reshape", of: [10], shape: [72], module: "" },
      { kind: "add", of: [11, 11], shape: [72], module: "" },
      { kind: "linear", of: [12], shape: [5], module: "", weight: "c", bias: "d", normalised: 0 },
      { kind: "relu", of: [13], shape: [5], module: "" },
    ],
    outputs: { out: 14 },
  };
  const shapes = { a: [4, 2, 3, 3], b: [4, 3, 4, 4], c: [5, 72], d: [5] };
  const wave = (count, step) => Float32Array.from({ length: count }, (_, i) => 0.3 * Math.sin(1 + step * i));
  const tensors = Object.fromEntries(Object.entries(shapes).map(([key, shape], i) => [key, wave(shape.reduce((a, b) => a * b), 1.3 + i)]));
  const weights = { names: Object.keys(shapes), shape: (key) => shapes[key], tensor: (key) => ({ shape: shapes[key], values: tensors[key] }) };
  const program = new Program(plain, weights, rooms);
  const input = wave(72, 0.7);
  const sum = (values) => {
    program.run(values);
    return program.read(14).reduce((total, each) => total + each, 0);
  };
  const slopes = Float32Array.from(input, (_, i) => {
    const moved = (by) => input.map((each, k) => (k === i ? each + by : each));
    return (sum(moved(1e-3)) - sum(moved(-1e-3))) / 2e-3;
  });
  program.run(input);
  const found = new Backward(program, weights).gradient(14, new Float32Array(5).fill(1));
  assert.ok(found.some((each) => Math.abs(each) > 0.1));
  near(found, slopes, 0.05, "slopes");
});

test("the classifier gives the chances of PyTorch", () => {
  const found = new Classifier(classifier.layers, fileOf("classifier"), rooms).classify(images, images.length / 784);
  near(found, classifier.chances, 1e-4, "chances");
});

test("how unlike any digit a picture is, as the library says", () => {
  const { known, features, unlike } = classifier;
  const seen = normalised(new Classifier(classifier.layers, fileOf("classifier"), rooms).features(images, images.length / 784), known.size);
  near(seen, features, 1e-4, "features");
  near(unlikeness(seen, knownOf(known, known.features)), unlike, 1e-4, "distances");
});

test("the mean distance of the nearest few", () => {
  const known = knownOf({ count: 4, size: 2, k: 2, scale: 0.5, limit: 2 }, Uint8Array.from([6, 8, 0, 2, 12, 16, 0, 4]));
  assert.deepEqual([...unlikeness(Float32Array.from([0, 0, 3, 4]), known)], [1.5, (0 + Math.hypot(3, 2)) / 2].map(Math.fround));
  assert.deepEqual([...normalised(Float32Array.from([3, 4, 0, 0]), 2)], [0.6, 0.8, 0, 0].map(Math.fround));
});
