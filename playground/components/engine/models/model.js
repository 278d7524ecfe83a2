// A model as the page asks it, wherever it runs: in a worker of the page, or on the server.
// What it says is what PyTorch says.

import { codeOf } from "../latent/sampling.js";
import { joined, sizeOf } from "../numbers/float32.js";
import { ask as askServer, pack, unpack } from "../wire.js";

/**
 * @import { Activation, Layers, Posterior, Unit } from "./network.js"
 * @import { Trace } from "./loss.js"
 * @typedef {Posterior & { code: Float32Array, drawn: Float32Array }} Reconstruction the code as it was decoded
 * @typedef {{ image: Float32Array, stage: number, unit: number, by: number }} UnitQuestion
 * @typedef {{ image: Float32Array, noise: Float32Array, beta: number, likelihood: string }} LossQuestion
 * @typedef {{
 *   encode: (images: Float32Array, count?: number, labels?: number[] | null) => Promise<Posterior>,
 *   decode: (latents: Float32Array, count?: number, labels?: number[] | null) => Promise<Float32Array>,
 *   reconstruct: (image: Float32Array, seed?: number | null) => Promise<Reconstruction>,
 *   activations: (image: Float32Array) => Promise<Activation[]>,
 *   unit: (question: UnitQuestion) => Promise<Unit>,
 *   loss: (question: LossQuestion) => Promise<Trace>,
 * }} Model images are numbers from 0 to 1, channel by channel, one image after the other; labels tell a
 *   model that can be told the class of each
 */

// A model that asks `remote` until `local` is there, and for ever if that fails: its layers may be
// unknown to the engine. `ready` settles on whether it is local.
/** @type {(remote: Model, local: Promise<Model | null>) => Model & { ready: Promise<boolean> }} */
export function firstThere(remote, local) {
  let now = remote;
  const ready = local.then((model) => {
    if (model) now = model;
    return model !== null;
  }, () => false);
  return {
    ready,
    encode: (images, count, labels) => now.encode(images, count, labels),
    decode: (latents, count, labels) => now.decode(latents, count, labels),
    reconstruct: (image, seed) => now.reconstruct(image, seed),
    activations: (image) => now.activations(image),
    unit: (question) => now.unit(question),
    loss: (question) => now.loss(question),
  };
}

// A model that answers once `local` is there, for a page without a server.
/** @type {(local: Promise<Model | null>) => Model} */
export function awaited(local) {
  const there = async () => {
    const model = await local;
    if (!model) throw new Error("This model has layers that the page cannot run by itself.");
    return model;
  };
  return {
    encode: async (images, count, labels) => (await there()).encode(images, count, labels),
    decode: async (latents, count, labels) => (await there()).decode(latents, count, labels),
    reconstruct: async (image, seed) => (await there()).reconstruct(image, seed),
    activations: async (image) => (await there()).activations(image),
    unit: async (question) => (await there()).unit(question),
    loss: async (question) => (await there()).loss(question),
  };
}

// Models that run in the page, in a worker or two: the next one goes where there is less to do.

/**
 * @typedef {import("./network.js").ClassifierLayers} ClassifierLayers
 * @typedef {{ layers: Layers, address: string, priority?: RequestPriority, progress?: (share: number) => void }} Wanted
 * @typedef {{ resolve: (value: any) => void, reject: (error: Error) => void, progress?: (share: number) => void }} Waiting
 */

const WORKERS = 2;

// A worker, and those who wait for its answers.
class Desk {
  constructor() {
    this.work = 0; // multiplications of all its models
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    this.asked = 0;
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.post = bundled((/** @type {object[]} */ questions) => this.worker.postMessage(questions));
    this.worker.addEventListener("message", ({ data }) => data.forEach(this.hear, this));
    this.worker.addEventListener("error", ({ message }) => {
      for (const { reject } of this.waiting.values()) reject(new Error(message || "The worker could not start."));
      this.waiting.clear();
    });
  }

  /** @type {(reply: { id: number, value?: any, error?: string, share?: number }) => void} */
  hear({ id, value, error, share }) {
    const waiting = this.waiting.get(id);
    if (share !== undefined) return waiting?.progress?.(share);
    this.waiting.delete(id);
    return error === undefined ? waiting?.resolve(value) : waiting?.reject(new Error(error));
  }

  /** @type {(question: object, progress?: (share: number) => void) => Promise<any>} */
  ask(question, progress) {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, progress });
      this.post({ ...question, id });
    });
  }
}

/** @type {Desk[]} */
const desks = [];

// The worker with the least to do. There are as many as there are cores to spare.
function leastBusy() {
  const most = Math.max(1, Math.min(WORKERS, navigator.hardwareConcurrency ?? 1));
  if (desks.length < most && desks.every(({ work }) => work > 0)) desks.push(new Desk());
  return desks.reduce((least, desk) => (desk.work < least.work ? desk : least));
}

// Roughly the multiplications of one pass. A weight of a convolution is used at every place.
/** @type {(plain: import("../kernel/program.js").Plain) => number} */
const workOf = ({ input, operations }) => operations.reduce((/** @type {number} */ sum, { kind, of: [value], shape }) => {
  const from = value === 0 ? input : operations[value - 1].shape;
  if (kind === "linear") return sum + from[0] * shape[0];
  return kind.startsWith("conv") ? sum + 9 * Math.min(sizeOf(from) * shape[0], sizeOf(shape) * from[0]) : sum;
}, 0);

/** @type {(wanted: { layers: Layers | ClassifierLayers, address: string, priority?: RequestPriority, progress?: (share: number) => void }) => Promise<{ ask: (ask: string, ...values: unknown[]) => Promise<any>, close: () => void }>} */
async function loaded({ layers, address, priority, progress }) {
  const desk = leastBusy();
  const programs = "classify" in layers ? [layers.classify] : [layers.encode, layers.decode];
  const work = programs.reduce((sum, program) => sum + workOf(program), 0);
  desk.work += work;
  const { url } = new Request(address);
  try {
    await desk.ask({ ask: "load", name: url, layers, address: url, priority }, progress);
  } catch (error) {
    desk.work -= work;
    throw error;
  }
  const close = () => {
    desk.work -= work;
    desk.ask({ ask: "forget", name: url });
  };
  return { ask: (ask, ...values) => desk.ask({ ask, name: url, values }), close };
}

// A model whose weights are at the address, once it can be asked. Its layers are those of
// vae_core/models/layers.py. Rejects where they are unknown to the engine, or the weights do not come.
/** @type {(wanted: Wanted) => Promise<Model & { close: () => void }>} */
export async function localModel(wanted) {
  const { ask, close } = await loaded(wanted);
  return {
    encode: (images, count = 1, labels = null) => ask("encode", images, count, labels),
    decode: (latents, count = 1, labels = null) => ask("decode", latents, count, labels),
    reconstruct: (image, seed = null) => ask("reconstruct", image, seed),
    activations: (image) => ask("activations", image),
    unit: (question) => ask("unit", question),
    loss: (question) => ask("loss", question),
    close,
  };
}

/** @typedef {(images: Float32Array, count?: number) => Promise<Float32Array>} Look */

// The digit classifier: the chance of each class for each image, the classes of an image side by side,
// and what it sees before it names them.
/** @type {(wanted: { layers: ClassifierLayers, address: string, progress?: (share: number) => void }) => Promise<{ classify: Look, features: Look }>} */
export async function localClassifier(wanted) {
  const { ask } = await loaded(wanted);
  return {
    classify: (images, count = 1) => ask("classify", images, count),
    features: (images, count = 1) => ask("features", images, count),
  };
}

// Models that run on the server, for those whose layers the page does not know, and until the weights are
// there. See playground/routes/remote.py.

/**
 * @typedef {import("../wire.js").Message} Message
 */

const MOST = 192; // images or latents in one request: all strips of twenty numbers

/** @type {readonly (keyof import("./loss.js").Trace)[]} as `TENSORS` of remote.py */
const TENSORS = [
  "mean", "logVar", "latents", "picture", "rates", "gradLogits", "gradLatents", "gradMean", "gradLogVar",
  "rateGradMean", "rateGradLogVar", "sampledGradMean", "sampledGradLogVar",
];
const PIXELS = new Set(["picture", "gradLogits"]);

/** @type {(name: string, about: object, numbers: Float32Array) => Promise<Message & { left: number }>} */
async function asked(name, about, numbers) {
  const body = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const reply = await (await askServer(`live/model-${name}`, pack(about, body))).arrayBuffer();
  const header = new DataView(reply).getUint32(0, true);
  return { ...unpack(reply), left: (reply.byteLength - 4 - header) / 4 };
}

// The replies to a question about many, so many at a time.
/** @type {(name: string, model: string, numbers: Float32Array, count: number, labels: number[] | null) => Promise<(Message & { left: number, count: number })[]>} */
async function parts(name, model, numbers, count, labels) {
  const size = numbers.length / count;
  const found = [];
  for (let first = 0; first < count; first += MOST) {
    const some = Math.min(MOST, count - first);
    const about = { model, count: some, ...(labels && { labels: labels.slice(first, first + some) }) };
    const reply = await asked(name, about, numbers.subarray(size * first, size * (first + some)));
    found.push({ ...reply, count: some });
  }
  return found;
}

/** @type {(model: string) => Model} */
export const remoteModel = (model) => ({
  async encode(images, count = 1, labels = null) {
    /** @type {Float32Array[]} */
    const means = [];
    /** @type {Float32Array[]} */
    const spreads = [];
    for (const { header, floats, left } of await parts("encode", model, images, count, labels)) {
      const size = header.gaussian ? left / 2 : left;
      means.push(floats(size));
      if (header.gaussian) spreads.push(floats(size));
    }
    return { mean: joined(means), logVar: spreads.length ? joined(spreads) : null };
  },

  async decode(latents, count = 1, labels = null) {
    return joined((await parts("decode", model, latents, count, labels)).map(({ floats, left }) => floats(left)));
  },

  async reconstruct(image, seed = null) {
    const posterior = await this.encode(image);
    const code = codeOf(posterior, seed);
    return { ...posterior, code, drawn: await this.decode(code) };
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

// Messages between the page and its workers go in bundles: each message costs both sides time, however
// little is in it.

// Posts what is given to it one by one as a list, once all that is going on now has been done.
/** @type {<Message>(post: (bundle: Message[]) => void) => (message: Message) => void} */
export function bundled(post) {
  /** @type {any[]} */
  let waiting = [];
  return (message) => {
    waiting.push(message);
    if (waiting.length > 1) return;
    queueMicrotask(() => {
      const bundle = waiting;
      waiting = [];
      post(bundle);
    });
  };
}
