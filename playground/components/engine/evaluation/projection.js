// Codes that nobody trained, to see what their number alone can do. Mirrors random_projection in
// vae_core/evaluation/baselines.py.

import { clamp, dot } from "../numbers/float32.js";
import { generator } from "../numbers/random.js";

const SIDE = 28;
const SIZE = SIDE * SIDE; // pixels, and the most numbers that a code of them can have
const AT_ONCE = 16; // directions, before whatever else waits has its turn

/** @type {Float64Array[]} */
const found = []; // directions, each of length 1 and at right angles to the others
/** @type {Float32Array | undefined} */
let noise;

// The next direction: noise, of which all that the others tell is taken away.
function add() {
  noise ??= generator(0).normal(SIZE * SIZE);
  const next = new Float64Array(SIZE);
  for (let i = 0; i < SIZE; i++) next[i] = noise[i * SIZE + found.length];
  for (const other of found) {
    const along = dot(next, other);
    for (let i = 0; i < SIZE; i++) next[i] -= along * other[i];
  }
  const length = Math.sqrt(dot(next, next));
  found.push(next.map((value) => value / length));
}

// An image of 28x28 numbers from 0 to 1, put together again from `width` numbers that have learnt nothing.
/** @type {(image: Float32Array, width: number) => Promise<Float32Array>} */
export async function projected(image, width) {
  while (found.length < width) {
    for (let i = 0; i < AT_ONCE && found.length < width; i++) add();
    if (found.length < width) await new Promise((resolve) => setTimeout(resolve));
  }
  const sum = new Float64Array(SIZE);
  for (const direction of found.slice(0, width)) {
    const along = dot(image, direction);
    for (let i = 0; i < SIZE; i++) sum[i] += along * direction[i];
  }
  return Float32Array.from(sum, (value) => clamp(value, 0, 1));
}
