// A program of vae_core/models/layers.py over one memory: laid out once, run as often as wanted, and
// nothing is allocated for a picture.

import { sizeOf } from "../numbers/float32.js";
import { layoutOf, read, write } from "./layout.js";
import { OPERATIONS, borderFor } from "./operations.js";

/**
 * @typedef {import("./operations.js").Operation} Operation
 * @typedef {import("./operations.js").Step} Step
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../models/safetensors.js").Weights} Weights
 * @typedef {{ input: number[], operations: Operation[], outputs: Record<string, number> }} Plain
 * @typedef {{ memory: ArrayBuffer, kernel: import("./plain.js").Kernel }} Room
 * @typedef {(bytes: number) => Room} Rooms makes a room of at least so many bytes, all zero
 */

export const MOST = 8; // images at once: the weights of a layer are read once for all of them

export class Program {
  /**
   * @param {Plain} plain
   * @param {Weights} weights
   * @param {Rooms} rooms
   */
  constructor(plain, weights, rooms) {
    this.plain = plain;
    this.shapes = [plain.input, ...plain.operations.map(({ shape }) => shape)];
    check(plain, this.shapes, weights);
    const { layouts, kept, size, bind } = layOut(plain, this.shapes, weights);
    const { memory, kernel } = rooms(4 * size);
    /** @private */
    this.numbers = new Float32Array(memory);
    for (const [at, values] of kept) this.numbers.set(values, at);
    /** @private @type {Layout[]} */
    this.layouts = layouts;
    /** @private @type {Step[]} */
    this.steps = bind.map((each) => each({ numbers: this.numbers, kernel }));
  }

  // Runs everything on `count` images, at most MOST, that begin at number `from` of `values`.
  /** @type {(values: ArrayLike<number>, count?: number, from?: number) => void} */
  run(values, count = 1, from = 0) {
    const size = sizeOf(this.shapes[0]);
    for (let image = 0; image < count; image++) write(this.numbers, this.layouts[0], image, values, from + image * size);
    for (const step of this.steps) step(count);
  }

  // Adds to one number of a value of the first image, and runs what comes after it.
  /** @type {(value: number, unit: number, by: number) => void} */
  raise(value, unit, by) {
    const found = this.read(value);
    found[unit] += by;
    write(this.numbers, this.layouts[value], 0, found, 0);
    for (const step of this.steps.slice(value)) step(1);
  }

  // The numbers of a value for `count` images, channel by channel, from `from` of `into` on.
  /** @type {(value: number, count?: number, into?: Float32Array, from?: number) => Float32Array} */
  read(value, count = 1, into, from = 0) {
    const size = sizeOf(this.shapes[value]);
    const found = into ?? new Float32Array(from + count * size);
    for (let image = 0; image < count; image++) read(this.numbers, this.layouts[value], image, found, from + image * size);
    return found;
  }

  // The outputs called `name` of many images.
  /** @type {(values: Float32Array, count: number, names: string[]) => Float32Array[]} */
  outputs(values, count, names) {
    const wanted = names.map((name) => this.plain.outputs[name]);
    const found = wanted.map((value) => new Float32Array(count * sizeOf(this.shapes[value])));
    for (let first = 0; first < count; first += MOST) {
      const some = Math.min(MOST, count - first);
      this.run(values, some, first * sizeOf(this.shapes[0]));
      wanted.forEach((value, i) => this.read(value, some, found[i], first * sizeOf(this.shapes[value])));
    }
    return found;
  }
}

// Refuses what would not fit together, since files may come from anybody.
/** @type {(plain: Plain, shapes: number[][], weights: Weights) => void} */
function check({ operations, outputs }, shapes, weights) {
  const wrong = (/** @type {string} */ what) => new Error(`These layers do not fit together: ${what}.`);
  for (const shape of shapes) {
    const whole = [1, 3].includes(shape.length) && shape.every((side) => Number.isInteger(side) && side > 0);
    if (!whole || sizeOf(shape) > 2 ** 24) throw wrong(`a shape is ${shape}`);
  }
  operations.forEach((operation, i) => {
    const { kind, of, shape, weight, bias } = operation;
    if (!Object.hasOwn(OPERATIONS, kind)) throw new Error(`The engine knows no layer called '${kind}'.`);
    if (!of.every((value) => Number.isInteger(value) && value >= 0 && value <= i)) throw wrong(`${kind} takes ${of}`);
    const found = weight ? weights.shape(weight) : null;
    if (!fits(operation, shapes[of[0]], found)) throw wrong(`${kind} makes ${shape} of ${shapes[of[0]]}`);
    if (bias && sizeOf(weights.shape(bias)) !== shape[0]) throw wrong(`'${bias}'`);
    if (kind === "add" && `${shapes[of[1]]}` !== `${shape}`) throw wrong("a sum");
    if (kind === "cat" && !joins(of.map((value) => shapes[value]), shape)) throw wrong("a row of values");
  });
  for (const value of Object.values(outputs)) if (!(value in shapes)) throw wrong(`there is no value ${value}`);
}

/** @type {(parts: number[][], whole: number[]) => boolean} */
function joins(parts, [size, ...sides]) {
  return parts.reduce((sum, [each]) => sum + each, 0) === size && parts.every(([, ...each]) => `${each}` === `${sides}`);
}

/** @type {(operation: Operation, x: number[], weight: number[] | null) => boolean} */
function fits({ kind, shape: y, stride = [1, 1], padding = [0, 0], size = [1, 1], start = 0, levels = [] }, x, weight) {
  const maps = x.length === 3 && y.length === 3;
  if ([...stride, ...size].some((step) => !(step > 0)) || padding.some((side) => !(side >= 0))) return false;
  const out = (/** @type {number} */ i, /** @type {number} */ edge) => Math.floor((x[i] + 2 * padding[i - 1] - edge) / stride[i - 1]) + 1;
  if (kind === "linear") return weight?.length === 2 && `${weight}` === `${[y[0], x[0]]}` && x.length === 1 && y.length === 1;
  if (kind === "max_pool") return maps && x[0] === y[0] && [1, 2].every((i) => y[i] === out(i, size[i - 1]));
  if (kind === "conv") return maps && weight?.length === 4 && weight[0] === y[0] && weight[1] === x[0] && [1, 2].every((i) => y[i] === out(i, weight[i + 1]));
  if (kind === "conv_transpose") {
    return maps && weight?.length === 4 && weight[0] === x[0] && weight[1] === y[0] && [1, 2].every((i) => {
      const more = y[i] - ((x[i] - 1) * stride[i - 1] - 2 * padding[i - 1] + weight[i + 1]);
      return more >= 0 && more < stride[i - 1];
    });
  }
  if (kind === "lattice") return maps && `${x}` === `${y}` && levels.length === x[0] && levels.every((each) => Number.isInteger(each) && each > 1);
  if (kind === "codebook") return maps && `${x}` === `${y}` && weight?.length === 2 && weight[1] === x[0];
  if (kind === "slice") return x.length === y.length && start >= 0 && start + y[0] <= x[0] && `${x.slice(1)}` === `${y.slice(1)}`;
  if (kind === "cat") return true; // see `joins`
  return kind === "reshape" ? sizeOf(x) === sizeOf(y) : `${x}` === `${y}`;
}

/** @type {(plain: Plain, shapes: number[][], weights: Weights) => { layouts: Layout[], kept: [number, Float32Array][], size: number, bind: ReturnType<typeof OPERATIONS.add>[] }} */
function layOut({ operations }, shapes, weights) {
  let size = 0;
  const reserve = (/** @type {number} */ count) => {
    const at = size;
    size += Math.ceil(count / 16) * 16; // a line of the cache
    return at;
  };
  const borders = shapes.map(() => 0);
  for (const operation of operations) {
    const [value] = operation.of;
    const weight = operation.weight ? weights.shape(operation.weight) : null;
    borders[value] = Math.max(borders[value], borderFor(operation, weight, shapes[value]));
  }
  const layouts = shapes.map((shape, i) => {
    const layout = layoutOf(shape, borders[i], i === 0);
    return { ...layout, at: reserve(MOST * layout.size) };
  });
  /** @type {[number, Float32Array][]} */
  const kept = [];
  const keep = (/** @type {Float32Array} */ values) => {
    kept.push([reserve(values.length), values]);
    return kept[kept.length - 1][0];
  };
  const bind = operations.map((operation, i) => OPERATIONS[operation.kind]({
    operation,
    x: operation.of.map((value) => layouts[value]),
    y: layouts[i + 1],
    weight: operation.weight ? weightOf(operation, weights) : null,
    bias: operation.bias ? weights.tensor(operation.bias).values : null,
    keep,
  }));
  return { layouts, kept, size, bind };
}

/** @type {(operation: Operation, weights: Weights) => import("../models/safetensors.js").Tensor} */
export function weightOf({ weight = "", normalised }, weights) {
  const { shape, values } = weights.tensor(weight);
  if (normalised === undefined) return { shape, values };
  const [rows, cols] = shape;
  const squares = new Float64Array(normalised ? rows : cols);
  const line = (/** @type {number} */ i) => (normalised ? Math.floor(i / cols) : i % cols);
  values.forEach((value, i) => (squares[line(i)] += value * value));
  return { shape, values: values.map((value, i) => value / Math.max(Math.sqrt(squares[line(i)]), 1e-12)) };
}
