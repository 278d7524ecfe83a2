import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { kernelRooms } from "../../playground/components/engine/kernel/kernel.js";
import { plainRoom } from "../../playground/components/engine/kernel/plain.js";
import { Program } from "../../playground/components/engine/kernel/program.js";
import { Network } from "../../playground/components/engine/models/network.js";
import { readSafetensors } from "../../playground/components/engine/models/safetensors.js";
import { fileOf, near } from "./engine.js";
import { golden } from "./golden.js";
import { WASM, build } from "./kernel.js";

const { digits, ...models } = golden("models");
const images = Float32Array.from(digits, (byte) => byte / 255);
const COUNT = images.length / 784;
const MODELS = Object.entries(models).filter(([name]) => name !== "classifier");

function nearPictures(pixels, pictures) {
  assert.equal(pixels.length, pictures.length);
  const off = pictures.reduce((most, byte, i) => Math.max(most, Math.abs(Math.round(255 * pixels[i]) - byte)), 0);
  assert.ok(off <= 1, `pictures are off by ${off}`);
}

const weightsOf = (name) => readSafetensors(fileOf(name));

const kernel = await WebAssembly.compile(readFileSync(WASM));
const ROOMS = { "plain JavaScript": plainRoom, "the kernel": kernelRooms(kernel) };

for (const [kind, rooms] of Object.entries(ROOMS)) {
  for (const [name, { layers, latents, log_var: logVar, pictures, told }] of MODELS) {
    test(`${name} in ${kind} gives the latents and the pictures of PyTorch`, () => {
      const weights = weightsOf(name);
      const encode = new Program(layers.encode, weights, rooms);
      const names = logVar ? ["mean", "log_var"] : ["mean"];
      const found = encode.outputs(images, COUNT, names);
      near(found[0], latents, 1e-4, "latents");
      if (logVar) near(found[1], logVar, 1e-4, "log-variance");
      const [pixels] = new Program(layers.decode, weights, rooms).outputs(latents, COUNT, ["pixels"]);
      nearPictures(pixels, pictures);
    });

    if (!told) continue;
    test(`${name} in ${kind} is told classes as in PyTorch`, () => {
      const network = new Network(layers, fileOf(name), rooms);
      near(network.encode(images, COUNT, told.labels).mean, told.latents, 1e-4, "latents");
      nearPictures(network.decode(told.latents, COUNT, told.labels.toReversed()), told.pictures);
      near(network.encode(images, COUNT).mean, latents, 1e-4, "latents of a model that is told nothing");
    });
  }

  test(`many pictures at once in ${kind} are as one by one`, () => {
    for (const name of ["vae-20", "denoising-64"]) {
      const program = new Program(models[name].layers.encode, weightsOf(name), rooms);
      const count = 19;
      const many = Float32Array.from({ length: count * 784 }, (_, i) => images[i % images.length]);
      const [together] = program.outputs(many, count, ["mean"]);
      const size = together.length / count;
      for (const i of [0, 7, 8, 18]) {
        const [alone] = program.outputs(many.slice(784 * i, 784 * (i + 1)), 1, ["mean"]);
        near(together.slice(size * i, size * (i + 1)), alone, 1e-5, `${name} at ${i}`);
      }
    }
  });
}

test("only classes that a model knows can be told, one for each input", () => {
  const networkOf = (name) => new Network(models[name].layers, fileOf(name), plainRoom);
  const told = MODELS.find(([, each]) => each.told)[0];
  const latents = new Float32Array(2 * models[told].layers.latents);
  for (const labels of [[1], [1, 10], [1, -1], [1, 0.5], []]) {
    assert.throws(() => networkOf(told).decode(latents, 2, labels), /told one of 10 classes for each of 2/);
  }
  assert.throws(() => networkOf("vae-20").decode(new Float32Array(20), 1, [3]), /cannot be told/);
});

test("the kernel is what its source says", async () => {
  assert.ok(readFileSync(WASM).equals(await build()), "Run `npm run kernel`.");
});

test("layers that do not fit the weights, and unknown ones, are refused", () => {
  const { encode } = models["vanilla-32"].layers;
  const weights = weightsOf("vanilla-32");
  const changed = (i, change) => ({ ...encode, operations: encode.operations.map((each, at) => (at === i ? { ...each, ...change } : each)) });
  const built = (plain) => () => new Program(plain, weights, plainRoom);
  assert.throws(built(changed(1, { kind: "embedding" })), /knows no layer called 'embedding'/);
  assert.throws(built(changed(1, { shape: [33] })), /do not fit together/);
  assert.throws(built(changed(0, { of: [2] })), /do not fit together/);
  assert.throws(built(changed(1, { weight: "nothing" })), /no weights called 'nothing'/);
  assert.throws(built({ ...encode, outputs: { mean: 9 } }), /do not fit together/);
});

test("a damaged file is refused", () => {
  assert.throws(() => readSafetensors(new ArrayBuffer(4)), /cut short/);
  assert.throws(() => readSafetensors(new Uint8Array(16).fill(255).buffer), /cut short/);
  const pointer = new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3718952\n");
  assert.throws(() => readSafetensors(pointer.buffer), /git lfs pull/);
});
