// See engine.py, which serves this with the models that it wrote, and calls `compare` in a browser.

import { kernelRooms } from "../playground/components/engine/kernel/kernel.js";
import { plainRoom } from "../playground/components/engine/kernel/plain.js";
import { Network } from "../playground/components/engine/models/network.js";

const FOUR = ["vanilla-32", "conv-32", "vae-20", "denoising-64"];
const TIMES = 60;
const OFF = 1e-3; // white being 1: further apart, the two do not do the same
const image = Float32Array.from({ length: 784 }, (_, i) => Math.max(0, Math.sin(i / 9)));

/** @type {(address: string) => Promise<ArrayBuffer>} */
const bytesOf = async (address) => (await fetch(address)).arrayBuffer();
/** @type {(address: string) => Promise<any>} */
const jsonOf = async (address) => (await fetch(address)).json();

/** @typedef {() => Promise<Float32Array>} Pass from the picture to its reconstruction */

async function enginePass(name, rooms) {
  const [layers, file] = await Promise.all([jsonOf(`${name}.json`), bytesOf(`${name}.safetensors`)]);
  const network = new Network(layers, file, rooms);
  return async () => network.decode(network.encode(image).mean);
}

async function onnxPass(name, ort) {
  const session = await ort.InferenceSession.create(`${name}.onnx`, { executionProviders: ["wasm"] });
  const [output] = session.outputNames;
  return async () => (await session.run({ encoder_images: new ort.Tensor("float32", image, [1, 1, 28, 28]) }))[output].data;
}

async function engine() {
  const kernel = new URL("../playground/components/engine/kernel/kernel.wasm", import.meta.url);
  return kernelRooms(await WebAssembly.compile(await bytesOf(kernel.href)));
}

async function onnxruntime() {
  const ort = await import("../node_modules/onnxruntime-web/dist/ort.wasm.min.mjs");
  ort.env.wasm.numThreads = 1;
  return ort;
}

/** Draws one picture with one of the two, and nothing else: what it loads for that is counted. */
export async function first(kind, name) {
  const pass = kind === "engine" ? await enginePass(name, await engine()) : await onnxPass(name, await onnxruntime());
  return (await pass()).length;
}

/** The milliseconds of a pass, by row and by what ran it; the three take turns. */
export async function compare(names) {
  const [rooms, ort] = [await engine(), await onnxruntime()];
  const models = {};
  for (const name of names) {
    models[name] = { engine: await enginePass(name, rooms), onnxruntime: await onnxPass(name, ort), plain: await enginePass(name, plainRoom) };
    const [ours, theirs] = [await models[name].engine(), await models[name].onnxruntime()];
    const off = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
    if (off > OFF) throw new Error(`${name}: the two differ by ${off}`);
  }
  const rows = { ...Object.fromEntries(names.map((name) => [name, [name]])), "the default four": FOUR, [`all ${names.length}`]: names };
  const found = {};
  for (const [row, of] of Object.entries(rows)) found[row] = await timed(of.map((name) => models[name]));
  return found;
}

async function timed(models) {
  const times = { engine: [], onnxruntime: [], plain: [] };
  for (let i = 0; i < TIMES; i++) {
    for (const [kind, list] of Object.entries(times)) {
      const start = performance.now();
      for (const model of models) await model[kind]();
      list.push(performance.now() - start);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([kind, list]) => {
    list.sort((a, b) => a - b);
    return [kind, { best: list[0], median: list[TIMES / 2] }];
  }));
}
