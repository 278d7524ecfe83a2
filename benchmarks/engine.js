// See engine.py, which starts this with the folder that it wrote.

import { readFileSync } from "node:fs";
import { argv, stdout } from "node:process";

import * as ort from "onnxruntime-web";

import { kernelRooms } from "../playground/components/engine/kernel/kernel.js";
import { plainRoom } from "../playground/components/engine/kernel/plain.js";
import { Network } from "../playground/components/engine/models/network.js";

const FOUR = ["vanilla-32", "conv-32", "vae-20", "denoising-64"];
const NAMES = [...FOUR, "deep-32", "vanilla-2", "sparse-256", "conv-vae-2", "conv-vae-20", "vae-2", "pca-32"];
const TIMES = 60;

ort.env.wasm.numThreads = 1;
const root = new URL("../", import.meta.url);
const rooms = kernelRooms(await WebAssembly.compile(readFileSync(new URL("playground/components/engine/kernel/kernel.wasm", root))));
const image = Float32Array.from({ length: 784 }, (_, i) => Math.max(0, Math.sin(i / 9)));

/** @returns {Promise<Record<string, () => unknown>>} a pass through one model, by what runs it */
async function passes(name) {
  const layers = JSON.parse(readFileSync(`${argv[2]}/${name}.json`, "utf8"));
  const bytes = readFileSync(new URL(`checkpoints/${name}.safetensors`, root));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const once = (network) => () => network.decode(network.encode(image).mean);
  const session = await ort.InferenceSession.create(readFileSync(`${argv[2]}/${name}.onnx`), { executionProviders: ["wasm"] });
  const [output] = session.outputNames;
  return {
    engine: once(new Network(layers, file, rooms)),
    onnxruntime: async () => (await session.run({ image: new ort.Tensor("float32", image, [1, 1, 28, 28]) }))[output].data,
    plain: once(new Network(layers, file, plainRoom)),
  };
}

const models = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await passes(name)])));
for (const [name, { engine, onnxruntime }] of Object.entries(models)) {
  const [ours, theirs] = [engine(), await onnxruntime()];
  const off = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
  if (off > 1e-3) throw new Error(`${name}: the two differ by ${off}`);
}

const rows = { ...Object.fromEntries(NAMES.map((name) => [name, [name]])), "the default four": FOUR, "all eleven": NAMES };
const found = {};
for (const [row, names] of Object.entries(rows)) {
  const times = { engine: [], onnxruntime: [], plain: [] };
  for (let i = 0; i < TIMES; i++) {
    for (const [kind, list] of Object.entries(times)) {
      const start = performance.now();
      for (const name of names) await models[name][kind]();
      list.push(performance.now() - start);
    }
  }
  found[row] = Object.fromEntries(Object.entries(times).map(([kind, list]) => {
    list.sort((a, b) => a - b);
    return [kind, { best: list[0], median: list[TIMES / 2] }];
  }));
}

const shown = ({ best, median }) => `${best.toFixed(2)} / ${median.toFixed(2)}`.padStart(16);
stdout.write(`${"ms, best / median".padEnd(18)}${["engine", "onnxruntime-web", "plain JavaScript"].map((name) => name.padStart(16)).join("")}\n`);
for (const [row, { engine, onnxruntime, plain }] of Object.entries(found)) {
  stdout.write(`${row.padEnd(18)}${[engine, onnxruntime, plain].map(shown).join("")}\n`);
}
stdout.write(`${JSON.stringify(found)}\n`);
