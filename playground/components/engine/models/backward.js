// Gradients: the same operations backwards, in plain JavaScript and channel by channel, since they are
// wanted for one picture at a time. After `program.run` or `raise`, of its first image.

import { weightOf } from "../kernel/program.js";
import { sizeOf } from "../numbers/float32.js";

/**
 * @typedef {import("../kernel/operations.js").Operation} Operation
 * @typedef {import("../kernel/program.js").Program} Program
 * @typedef {import("./safetensors.js").Tensor} Tensor
 * @typedef {{
 *   operation: Operation, x: Float32Array, y: Float32Array, to: Float32Array, from: Float32Array,
 *   shapes: { x: number[], y: number[] }, start: number, weight: Tensor | null,
 * }} Back `x` and `y` are what went in and came out; `from` is the gradient by y, `to` that by x, added to
 */

export class Backward {
  /**
   * @param {Program} program
   * @param {import("./safetensors.js").Weights} weights
   */
  constructor(program, weights) {
    this.program = program;
    /** @private */
    this.weights = weights;
    /** @private @type {Map<Operation, Tensor>} */
    this.known = new Map();
  }

  // The gradient by value `to` of a sum: of the numbers of value `from`, each times what `by` says.
  /** @type {(from: number, by: Float32Array, to?: number) => Float32Array} */
  gradient(from, by, to = 0) {
    const { plain, shapes } = this.program;
    /** @type {Float32Array[]} */
    const gradients = [];
    const of = (/** @type {number} */ value) => (gradients[value] ??= new Float32Array(sizeOf(shapes[value])));
    of(from).set(by);
    for (let value = from; value > to; value--) {
      if (!gradients[value]) continue;
      const operation = plain.operations[value - 1];
      let before = 0; // numbers of the sources before
      for (const source of operation.of) {
        const start = before;
        before += sizeOf(shapes[source]);
        if (source < to) continue;
        BACKWARDS[operation.kind]({
          operation,
          x: this.program.read(source),
          y: this.program.read(value),
          to: of(source),
          from: gradients[value],
          shapes: { x: shapes[source], y: shapes[value] },
          start,
          weight: operation.weight ? this.weight(operation) : null,
        });
      }
    }
    return of(to);
  }

  /** @private @type {(operation: Operation) => Tensor} */
  weight(operation) {
    const found = this.known.get(operation) ?? weightOf(operation, this.weights);
    this.known.set(operation, found);
    return found;
  }
}

/** @type {(back: Back) => void} */
function linear({ from, to, weight }) {
  const { shape: [out, size], values } = /** @type {Tensor} */ (weight);
  for (let o = 0; o < out; o++) {
    const share = from[o];
    if (share === 0) continue;
    for (let i = 0; i < size; i++) to[i] += share * values[o * size + i];
  }
}

// For every tap of a convolution: the place in the larger maps that it joins with one in the smaller.
/** @type {(operation: Operation, small: number[], large: number[], edges: number[], join: (tap: number, small: number, large: number) => void) => void} */
function taps({ stride = [1, 1], padding = [0, 0] }, [, height, width], [, tall, wide], [edge, side], join) {
  for (let i = 0; i < edge; i++) {
    for (let row = 0; row < height; row++) {
      const y = row * stride[0] - padding[0] + i;
      if (y < 0 || y >= tall) continue;
      for (let j = 0; j < side; j++) {
        for (let col = 0; col < width; col++) {
          const x = col * stride[1] - padding[1] + j;
          if (x >= 0 && x < wide) join(i * side + j, row * width + col, y * wide + x);
        }
      }
    }
  }
}

/** @type {(back: Back) => void} */
function conv({ operation, from, to, shapes, weight }) {
  const { shape: [out, into, edge, side], values } = /** @type {Tensor} */ (weight);
  const [small, large] = [shapes.y[1] * shapes.y[2], shapes.x[1] * shapes.x[2]];
  taps(operation, shapes.y, shapes.x, [edge, side], (tap, at, place) => {
    for (let o = 0; o < out; o++) {
      const share = from[o * small + at];
      if (share === 0) continue;
      for (let c = 0, w = o * into * edge * side + tap; c < into; c++, w += edge * side) to[c * large + place] += share * values[w];
    }
  });
}

/** @type {(back: Back) => void} */
function convTranspose({ operation, from, to, shapes, weight }) {
  const { shape: [into, out, edge, side], values } = /** @type {Tensor} */ (weight);
  const [small, large] = [shapes.x[1] * shapes.x[2], shapes.y[1] * shapes.y[2]];
  taps(operation, shapes.x, shapes.y, [edge, side], (tap, at, place) => {
    for (let c = 0; c < into; c++) {
      let sum = 0;
      for (let o = 0, w = c * out * edge * side + tap; o < out; o++, w += edge * side) sum += from[o * large + place] * values[w];
      to[c * small + at] += sum;
    }
  });
}

/** @type {(back: Back) => void} */
function maxPool({ operation, x, y, from, to, shapes }) {
  const [channels, height, width] = shapes.y;
  const [, tall, wide] = shapes.x;
  const [size, stride] = [operation.size ?? [1, 1], operation.stride ?? [1, 1]];
  for (let place = 0; place < channels * height * width; place++) {
    const [channel, row, col] = [Math.floor(place / (height * width)), Math.floor(place / width) % height, place % width];
    // The first of equals, as in PyTorch.
    const first = (channel * tall + row * stride[0]) * wide + col * stride[1];
    const all = Array.from({ length: size[0] * size[1] }, (_, i) => first + Math.floor(i / size[1]) * wide + (i % size[1]));
    to[all.find((at) => x[at] === y[place]) ?? first] += from[place];
  }
}

/** @type {(slope: (x: number, y: number, operation: Operation) => number) => (back: Back) => void} */
const elementwise = (slope) => ({ operation, x, y, from, to }) => {
  for (let i = 0; i < to.length; i++) to[i] += from[i] * slope(x[i], y[i], operation);
};

/** @type {(back: Back) => void} */
function slice({ operation: { start = 0 }, from, to, shapes }) {
  const offset = start * sizeOf([1, ...shapes.y.slice(1)]);
  for (let i = 0; i < from.length; i++) to[offset + i] += from[i];
}

/** @type {(back: Back) => void} */
function cat({ from, to, start }) {
  for (let i = 0; i < to.length; i++) to[i] += from[start + i];
}

/** @type {(x: number) => number} */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** @type {Record<string, (back: Back) => void>} */
const BACKWARDS = {
  linear,
  conv,
  conv_transpose: convTranspose,
  max_pool: maxPool,
  silu: elementwise((x) => sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
  sigmoid: elementwise((x, y) => y * (1 - y)),
  relu: elementwise((x) => (x > 0 ? 1 : 0)),
  tanh: elementwise((x, y) => 1 - y * y),
  logit: elementwise((x) => 1 / (x * (1 - x))),
  clamp: elementwise((x, _, { min, max }) => (x < (min ?? -Infinity) || x > (max ?? Infinity) ? 0 : 1)),
  affine: elementwise((x, y, { by = 1 }) => by),
  lattice: elementwise(() => 1), // as if the nearest code were what it stands for: "straight through"
  codebook: elementwise(() => 1),
  add: elementwise(() => 1),
  reshape: elementwise(() => 1),
  cat,
  slice,
};
