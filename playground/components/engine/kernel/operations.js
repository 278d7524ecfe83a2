// The operations that models are made of (vae_core/models/operations.py), each as a step over a
// memory that was laid out once.

import { nearestCode, nearestLevel } from "./codes.js";
import { read, rowAt, upTo, write } from "./layout.js";
import { BLOCK } from "./plain.js";
import { packed, reach, straight, transposed } from "./windows.js";

/**
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./plain.js").Kernel} Kernel
 * @typedef {import("../models/safetensors.js").Tensor} Tensor
 * @typedef {{
 *   kind: string, of: number[], shape: number[], module: string, weight?: string, bias?: string | null,
 *   normalised?: number, stride?: [number, number], padding?: [number, number], size?: [number, number],
 *   min?: number | null, max?: number | null, start?: number, by?: number, plus?: number, levels?: number[],
 * }} Operation
 * @typedef {{ numbers: Float32Array, kernel: Kernel }} Machine
 * @typedef {(count: number) => void} Step over that many images
 * @typedef {{
 *   operation: Operation, x: Layout[], y: Layout, weight: Tensor | null, bias: Float32Array | null,
 *   keep: (values: Float32Array) => number,
 * }} Plan `keep` puts weights into the memory, and says at which index.
 */

/** @type {(plan: Plan) => (machine: Machine) => Step} */
function linear({ x: [x], y, weight, bias, keep }) {
  const { shape: [out, channels], values } = /** @type {Tensor} */ (weight);
  const how = { out, in: channels, outStep: channels, inStep: 1, step: channels, rows: [0], cols: [0] };
  const [w, b] = [keep(packed(values, how)), keep(padded(bias, out))];
  // Each image is a place, so that the weights are read once for many of them.
  return ({ kernel }) => (count) => kernel.conv(
    4 * x.at, 4 * w, 4 * b, 4 * y.at, 1, count, 0, 4 * x.size, 0, 4 * y.size, 1, channels, 0, y.step,
  );
}

/** @type {(bias: Float32Array | null, out: number) => Float32Array} */
function padded(bias, out) {
  const found = new Float32Array(upTo(out, BLOCK));
  if (bias) found.set(bias);
  return found;
}

/** @type {(operation: Operation, kernel: number[], x: number[], y: number[]) => import("./windows.js").Windows[][]} */
function windowsOf({ kind, stride = [1, 1], padding = [0, 0] }, kernel, [, ...x], [, ...y]) {
  const along = kind === "conv" ? straight : transposed;
  return x.map((_, i) => along(kernel[i], stride[i], padding[i], y[i]));
}

// How wide a border of zeros a value needs around its maps for an operation that takes it.
/** @type {(operation: Operation, weight: number[] | null, shape: number[]) => number} */
export function borderFor(operation, weight, shape) {
  if (!weight || !operation.kind.startsWith("conv")) return 0;
  const sides = windowsOf(operation, weight.slice(2), shape, operation.shape);
  return Math.max(...sides.map((windows, i) => reach(windows, shape[1 + i])));
}

/** @type {(plan: Plan) => (machine: Machine) => Step} */
function convolution({ operation, x: [x], y, weight, bias, keep }) {
  const { shape, values } = /** @type {Tensor} */ (weight);
  const [, , height, width] = shape;
  const area = height * width;
  const forwards = operation.kind === "conv";
  const [out, channels] = forwards ? shape : [shape[1], shape[0]];
  const [outStep, inStep] = forwards ? [channels * area, area] : [area, out * area];
  const b = keep(padded(bias, out));
  const [rows, cols] = windowsOf(operation, [height, width], [0, x.height, x.width], operation.shape);
  const parts = rows.flatMap((row) => cols.map((col) => {
    const taps = { rows: row.taps.map((tap) => tap * width), cols: col.taps };
    return { row, col, w: keep(packed(values, { out, in: channels, outStep, inStep, step: x.step, ...taps })) };
  }));
  return ({ kernel }) => (count) => {
    for (let image = 0; image < count; image++) {
      for (const { row, col, w } of parts) {
        kernel.conv(
          4 * (rowAt(x, image, row.first) + col.first * x.step), 4 * w, 4 * b,
          4 * (rowAt(y, image, row.start) + col.start * y.step), row.count, col.count,
          4 * row.every * x.row, 4 * col.every * x.step, 4 * row.apart * y.row, 4 * col.apart * y.step,
          row.taps.length, col.taps.length * x.step, 4 * x.row, y.step,
        );
      }
    }
  };
}

// What is done with each number by itself. The border stays zero.
/** @type {(each: (value: number, operation: Operation) => number, name?: "silu" | "sigmoid") => (plan: Plan) => (machine: Machine) => Step} */
const elementwise = (each, name) => ({ operation, x: [x], y }) => ({ numbers, kernel }) => (count) => {
  const length = y.width * y.step;
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < y.height; row++) {
      const [from, to] = [rowAt(x, image, row), rowAt(y, image, row)];
      if (name && x.step === y.step) {
        kernel[name](4 * from, 4 * to, length);
      } else {
        for (let pixel = 0; pixel < y.width; pixel++) {
          for (let c = 0; c < y.channels; c++) {
            numbers[to + pixel * y.step + c] = each(numbers[from + pixel * x.step + c], operation);
          }
        }
      }
    }
  }
};

/** @type {(plan: Plan) => (machine: Machine) => Step} */
const relu = ({ x: [x], y }) => ({ numbers }) => (count) => {
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < y.height; row++) {
      const [from, to] = [rowAt(x, image, row), rowAt(y, image, row)];
      for (let i = 0; i < y.width * y.step; i++) numbers[to + i] = Math.max(0, numbers[from + i]);
    }
  }
};

/** @type {(plan: Plan) => (machine: Machine) => Step} */
const add = ({ x: [a, b], y }) => ({ numbers }) => (count) => {
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < y.height; row++) {
      const [first, second, to] = [rowAt(a, image, row), rowAt(b, image, row), rowAt(y, image, row)];
      for (let i = 0; i < y.width * y.step; i++) numbers[to + i] = numbers[first + i] + numbers[second + i];
    }
  }
};

/** @type {(plan: Plan) => (machine: Machine) => Step} */
const reshape = ({ x: [x], y }) => ({ numbers }) => {
  const flat = new Float32Array(x.channels * x.height * x.width);
  return (count) => {
    for (let image = 0; image < count; image++) {
      read(numbers, x, image, flat, 0);
      write(numbers, y, image, flat, 0);
    }
  };
};

/** @type {(plan: Plan) => (machine: Machine) => Step} */
const slice = ({ operation: { start = 0 }, x: [x], y }) => ({ numbers }) => (count) => {
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < y.height; row++) {
      const [from, to] = [rowAt(x, image, row), rowAt(y, image, row)];
      for (let pixel = 0; pixel < y.width; pixel++) {
        const first = from + pixel * x.step + start;
        numbers.copyWithin(to + pixel * y.step, first, first + y.channels);
      }
    }
  }
};

// The units or maps of all that it takes, one after the other.
/** @type {(plan: Plan) => (machine: Machine) => Step} */
const cat = ({ x: parts, y }) => ({ numbers }) => (count) => {
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < y.height; row++) {
      let to = rowAt(y, image, row);
      for (const x of parts) {
        const from = rowAt(x, image, row);
        for (let pixel = 0; pixel < y.width; pixel++) {
          const first = from + pixel * x.step;
          numbers.copyWithin(to + pixel * y.step, first, first + x.channels);
        }
        to += x.channels;
      }
    }
  }
};

/** @type {(plan: Plan) => (machine: Machine) => Step} */
const maxPool = ({ operation, x: [x], y }) => ({ numbers }) => (count) => {
  const [size, stride] = [operation.size ?? [1, 1], operation.stride ?? [1, 1]];
  for (let image = 0; image < count; image++) {
    for (let place = 0; place < y.height * y.width; place++) {
      const [row, col] = [Math.floor(place / y.width), place % y.width];
      const to = rowAt(y, image, row) + col * y.step;
      for (let channel = 0; channel < y.channels; channel++) {
        let most = -Infinity;
        for (let i = 0; i < size[0]; i++) {
          const from = rowAt(x, image, row * stride[0] + i) + col * stride[1] * x.step + channel;
          for (let j = 0; j < size[1]; j++) most = Math.max(most, numbers[from + j * x.step]);
        }
        numbers[to + channel] = most;
      }
    }
  }
};

// What is done with all the numbers of a cell of the maps, which stand side by side, from `from` to `to`.
/** @type {(cell: (numbers: Float32Array, from: number, to: number, plan: Plan) => void) => (plan: Plan) => (machine: Machine) => Step} */
const cellwise = (cell) => (plan) => ({ numbers }) => (count) => {
  const { x: [x], y } = plan;
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < y.height; row++) {
      const [from, to] = [rowAt(x, image, row), rowAt(y, image, row)];
      for (let col = 0; col < y.width; col++) cell(numbers, from + col * x.step, to + col * y.step, plan);
    }
  }
};

/** @type {(numbers: Float32Array, from: number, to: number, plan: Plan) => void} */
function toLattice(numbers, from, to, { operation: { levels = [] } }) {
  for (let c = 0; c < levels.length; c++) numbers[to + c] = nearestLevel(numbers[from + c], levels[c]);
}

/** @type {(numbers: Float32Array, from: number, to: number, plan: Plan) => void} */
function toCodebook(numbers, from, to, { weight }) {
  const { shape: [, size], values } = /** @type {Tensor} */ (weight);
  const at = size * nearestCode(numbers, from, /** @type {Tensor} */ (weight));
  for (let c = 0; c < size; c++) numbers[to + c] = values[at + c];
}

/** @type {(value: number, operation: Operation) => number} */
const clamped = (value, { min, max }) => Math.min(Math.max(value, min ?? -Infinity), max ?? Infinity);

/** @type {Record<string, (plan: Plan) => (machine: Machine) => Step>} */
export const OPERATIONS = {
  linear,
  conv: convolution,
  conv_transpose: convolution,
  max_pool: maxPool,
  silu: elementwise((value) => value / (1 + Math.exp(-value)), "silu"),
  sigmoid: elementwise((value) => 1 / (1 + Math.exp(-value)), "sigmoid"),
  relu,
  tanh: elementwise(Math.tanh),
  logit: elementwise((value) => Math.log(value / (1 - value))),
  clamp: elementwise(clamped),
  affine: elementwise((value, { by = 1, plus = 0 }) => value * by + plus),
  lattice: cellwise(toLattice),
  codebook: cellwise(toCodebook),
  add,
  cat,
  reshape,
  slice,
};
