// A model that the server runs: for layers that the engine does not know, and until the weights are
// there. See playground/live/remote.py.

import { ask, pack, unpack } from "../wire.js";

/**
 * @typedef {import("../wire.js").Message} Message
 * @typedef {import("./model.js").Model} Model
 */

const MOST = 64; // images or latents in one request

/** @type {readonly (keyof import("./loss.js").Trace)[]} as `TENSORS` of remote.py */
const TENSORS = [
  "mean", "logVar", "latents", "picture", "rates", "gradLogits", "gradLatents", "gradMean", "gradLogVar",
  "rateGradMean", "rateGradLogVar", "sampledGradMean", "sampledGradLogVar",
];
const PIXELS = new Set(["picture", "gradLogits"]);

/** @type {(name: string, about: object, numbers: Float32Array) => Promise<Message & { left: number }>} */
async function asked(name, about, numbers) {
  const body = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const reply = await (await ask(`live/model-${name}`, pack(about, body))).arrayBuffer();
  const header = new DataView(reply).getUint32(0, true);
  return { ...unpack(reply), left: (reply.byteLength - 4 - header) / 4 };
}

// The replies to a question about many, so many at a time.
/** @type {(name: string, model: string, numbers: Float32Array, count: number) => Promise<(Message & { left: number, count: number })[]>} */
async function parts(name, model, numbers, count) {
  const size = numbers.length / count;
  const found = [];
  for (let first = 0; first < count; first += MOST) {
    const some = Math.min(MOST, count - first);
    const reply = await asked(name, { model, count: some }, numbers.subarray(size * first, size * (first + some)));
    found.push({ ...reply, count: some });
  }
  return found;
}

/** @type {(arrays: Float32Array[]) => Float32Array} */
function joined(arrays) {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of arrays) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

/** @type {(model: string) => Model} */
export const remoteModel = (model) => ({
  async encode(images, count = 1) {
    /** @type {Float32Array[]} */
    const means = [];
    /** @type {Float32Array[]} */
    const spreads = [];
    for (const { header, floats, left } of await parts("encode", model, images, count)) {
      const size = header.gaussian ? left / 2 : left;
      means.push(floats(size));
      if (header.gaussian) spreads.push(floats(size));
    }
    return { mean: joined(means), logVar: spreads.length ? joined(spreads) : null };
  },

  async decode(latents, count = 1) {
    return joined((await parts("decode", model, latents, count)).map(({ floats, left }) => floats(left)));
  },

  async activations(image) {
    const { header, floats } = await asked("activations", { model }, image);
    return header.stages.map((/** @type {any} */ stage) => (
      { ...stage, values: floats(stage.shape.reduce((/** @type {number} */ size, /** @type {number} */ side) => size * side, 1)) }
    ));
  },

  async unit({ image, stage, unit, by }) {
    const { header, floats } = await asked("unit", { model, stage, unit, by }, image);
    const excites = header.excites ? floats(image.length) : null;
    const kernel = header.kernel ? { shape: header.kernel, values: floats(header.kernel[0] * header.kernel[1]) } : null;
    return { value: header.value, excites, kernel, draws: header.draws ? floats(image.length) : null };
  },

  async loss({ image, noise, beta, likelihood }) {
    const { header, floats } = await asked("loss", { model, beta, likelihood }, joined([image, noise]));
    const arrays = TENSORS.map((name) => [name, floats(PIXELS.has(name) ? image.length : header.latents)]);
    return { ...Object.fromEntries(arrays), distortion: header.distortion, loss: header.loss };
  },
});
