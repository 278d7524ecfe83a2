// A model as it is asked in a worker, or in a test: its programs over one file of weights.

import { Program } from "../kernel/program.js";
import { sizeOf } from "../numbers/float32.js";
import { Backward } from "./backward.js";
import { traced } from "./loss.js";
import { readSafetensors } from "./safetensors.js";
import { codeOf } from "../latent/sampling.js";
import { stagesOf } from "./stages.js";

/**
 * @typedef {import("../kernel/program.js").Plain} Plain
 * @typedef {{ format: number, image: number[], drawn: number[], latents: number, levels?: number[], encode: Plain, decode: Plain, classes?: number, encode_told?: Plain, decode_told?: Plain }} Layers
 * @typedef {{ format: number, image: number[], classify: Plain }} ClassifierLayers
 * @typedef {{ mean: Float32Array, logVar: Float32Array | null }} Posterior
 * @typedef {{ part: string, kind: string, weights: number, shape: number[], values: Float32Array }} Activation
 * @typedef {{ value: number, excites: Float32Array | null, kernel: { shape: number[], values: Float32Array } | null, draws: Float32Array | null }} Unit
 */

export class Network {
  /**
   * @param {Layers} layers
   * @param {ArrayBuffer} file
   * @param {import("../kernel/program.js").Rooms} rooms
   */
  constructor(layers, file, rooms) {
    /** @private */
    this.layers = layers;
    /** @private */
    this.rooms = rooms;
    /** @private @type {{ encode?: Program, decode?: Program }} of inputs with their classes, once somebody tells them */
    this.told = {};
    this.weights = readSafetensors(file);
    this.encoder = new Program(layers.encode, this.weights, rooms);
    this.decoder = new Program(layers.decode, this.weights, rooms);
    /** @private */
    this.backwards = { encode: new Backward(this.encoder, this.weights), decode: new Backward(this.decoder, this.weights) };
    /** @private */
    this.stages = stagesOf(layers, this.weights);
  }

  // Of images from 0 to 1, one after the other. The labels tell the class of each.
  /** @type {(images: Float32Array, count?: number, labels?: number[] | null) => Posterior} */
  encode(images, count = 1, labels = null) {
    const names = "log_var" in this.encoder.plain.outputs ? ["mean", "log_var"] : ["mean"];
    const [mean, logVar] = this.outputs("encode", images, count, labels, names);
    return { mean, logVar: logVar ?? null };
  }

  /** @type {(latents: Float32Array, count?: number, labels?: number[] | null) => Float32Array} */
  decode(latents, count = 1, labels = null) {
    return this.outputs("decode", latents, count, labels, ["pixels"])[0];
  }

  /** @private @type {(half: "encode" | "decode", values: Float32Array, count: number, labels: number[] | null, names: string[]) => Float32Array[]} */
  outputs(half, values, count, labels, names) {
    if (!labels) return this.program(half).outputs(values, count, names);
    const { classes = 0, [/** @type {const} */ (`${half}_told`)]: plain } = this.layers;
    if (!plain) throw new Error("This model cannot be told a class.");
    const known = labels.length === count && labels.every((label) => Number.isInteger(label) && label >= 0 && label < classes);
    if (!known) throw new Error(`This model is told one of ${classes} classes for each of ${count}; got ${labels}.`);
    this.told[half] ??= new Program(plain, this.weights, this.rooms);
    return this.told[half].outputs(withClasses(values, labels, classes), count, names);
  }

  // Of one image, there and back. A seed draws the code from its cloud; without, it is the mean.
  /** @type {(image: Float32Array, seed: number | null) => import("./model.js").Reconstruction} */
  reconstruct(image, seed) {
    const posterior = this.encode(image);
    const code = codeOf(posterior, seed);
    return { ...posterior, code, drawn: this.decode(code) };
  }

  // What each layer puts out for one image, from the first to the picture.
  /** @type {(image: Float32Array) => Activation[]} */
  activations(image) {
    this.encoder.run(image);
    this.decoder.run(this.encoder.read(this.encoder.plain.outputs.mean));
    return this.stages.map(({ part, kind, weights, shape, program, value }) => (
      { part, kind, weights, shape, values: this.program(program).read(value) }
    ));
  }

  // What a unit of a stage puts out for one image, what excites it, and by how much the picture
  // changes when it is raised `by` so much.
  /** @type {(question: { image: Float32Array, stage: number, unit: number, by: number }) => Unit} */
  unit({ image, stage, unit, by }) {
    const found = this.activations(image);
    const { part, program, sums, value } = this.stages[stage];
    if (part === "picture" || !(unit < found[stage].values.length)) throw new Error("This model has no such unit.");
    return {
      value: found[stage].values[unit],
      excites: part === "decoder" ? null : this.excites(sums, unit),
      kernel: stage === 0 ? this.kernel(unit) : null,
      draws: part === "encoder" ? null : this.draws(program, value, unit, by, found),
    };
  }

  // The loss of one image, and the gradients of it.
  /** @type {(question: { image: Float32Array, noise: ArrayLike<number>, beta: number, likelihood: string }) => import("./loss.js").Trace} */
  loss(question) {
    const { mean, logVar } = this.encode(question.image);
    if (!logVar) throw new Error("The latents of this model are points, with no rate.");
    const { logits, pixels } = this.decoder.plain.outputs;
    return traced({ mean, logVar }, question, (latents) => {
      this.decoder.run(latents);
      return { logits: this.decoder.read(logits), picture: this.decoder.read(pixels) };
    }, (gradient) => this.backwards.decode.gradient(logits, gradient));
  }

  /** @private @type {(program: "encode" | "decode") => Program} */
  program(program) {
    return program === "encode" ? this.encoder : this.decoder;
  }

  /** @private @type {(sums: number, unit: number) => Float32Array} */
  excites(sums, unit) {
    const by = new Float32Array(sizeOf(this.encoder.shapes[sums]));
    by[unit] = 1;
    return this.backwards.encode.gradient(sums, by);
  }

  // The window of a unit of the first layer, if it is a convolution.
  /** @private @type {(unit: number) => { shape: number[], values: Float32Array } | null} */
  kernel(unit) {
    const { operations } = this.encoder.plain;
    const first = operations[this.stages[0].sums - 1];
    if (first.kind !== "conv" || !first.weight) return null;
    const { shape: [, channels, height, width], values } = this.weights.tensor(first.weight);
    const map = Math.floor(unit / (first.shape[1] * first.shape[2]));
    const from = map * channels * height * width;
    return { shape: [height, width], values: values.slice(from, from + height * width) };
  }

  /** @private @type {(program: "encode" | "decode", value: number, unit: number, by: number, found: Activation[]) => Float32Array} */
  draws(program, value, unit, by, found) {
    const before = found[found.length - 1].values;
    this.decoder.raise(program === "encode" ? 0 : value, unit, by);
    return this.decoder.read(this.decoder.plain.outputs.pixels).map((drawn, i) => drawn - before[i]);
  }
}

// After each of these inputs its class: a 1 at it, and 0 at all others.
/** @type {(values: Float32Array, labels: number[], classes: number) => Float32Array} */
function withClasses(values, labels, classes) {
  const size = values.length / labels.length;
  const found = new Float32Array(labels.length * (size + classes));
  labels.forEach((label, i) => {
    const at = i * (size + classes);
    found.set(values.subarray(i * size, (i + 1) * size), at);
    found[at + size + label] = 1;
  });
  return found;
}

// The digit classifier, and what it sees of pictures before it names them.
export class Classifier {
  /**
   * @param {ClassifierLayers} layers
   * @param {ArrayBuffer} file
   * @param {import("../kernel/program.js").Rooms} rooms
   */
  constructor(layers, file, rooms) {
    this.program = new Program(layers.classify, readSafetensors(file), rooms);
  }

  // What its last layer but one puts out for each image, the features of an image side by side.
  /** @type {(images: Float32Array, count?: number) => Float32Array} */
  features(images, count = 1) {
    return this.program.outputs(images, count, ["features"])[0];
  }

  // The chance of each class for each image, the classes of an image side by side.
  /** @type {(images: Float32Array, count?: number) => Float32Array} */
  classify(images, count = 1) {
    const [logits] = this.program.outputs(images, count, ["logits"]);
    const classes = logits.length / count;
    for (let first = 0; first < logits.length; first += classes) {
      const some = logits.subarray(first, first + classes);
      const most = Math.max(...some);
      some.forEach((logit, i) => (some[i] = Math.exp(logit - most)));
      const sum = some.reduce((total, power) => total + power, 0);
      some.forEach((power, i) => (some[i] = power / sum));
    }
    return logits;
  }
}
