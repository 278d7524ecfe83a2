// The random numbers of PyTorch on a CPU: the same ones for the same seed, so that a noise, a sample
// and a draw look the same here and there. Mirrors torch.Generator, torch.rand, randn and randint.
// Matsumoto & Nishimura, Mersenne Twister (1998), https://doi.org/10.1145/272991.272995

import { normals16 } from "./normal.js";

const SIZE = 624; // words of the state
const SHIFT = 397;
const LONE = 16; // normal numbers, from which on torch draws them sixteen at a time

/**
 * @typedef {object} Generator
 * @property {(count: number) => Float32Array<ArrayBuffer>} uniform torch.rand: from 0 to below 1
 * @property {(count: number) => Float32Array<ArrayBuffer>} normal torch.randn: of N(0, 1)
 * @property {(count: number, high: number) => Uint32Array<ArrayBuffer>} integers torch.randint: from 0 to below `high`, at most 2^28
 */

// torch.Generator().manual_seed(seed): it goes on where the last draw ended.
/** @type {(seed: number) => Generator} */
export function generator(seed) {
  const word = twister(seed);
  /** @type {number | null} */
  let kept = null; // the second of two lone normal numbers

  const real = () => (word() & 0xffffff) / 2 ** 24;

  // 53 bits of two words, the first of which is the higher.
  function double() {
    const high = word() & 0x1fffff;
    return (high * 2 ** 32 + word()) / 2 ** 53;
  }

  // Box and Muller in double precision. Every other number is left over from the one before.
  function lone() {
    if (kept !== null) {
      const before = kept;
      kept = null;
      return before;
    }
    const turn = 2 * Math.PI * double();
    const length = Math.sqrt(-2 * Math.log1p(-double()));
    kept = length * Math.sin(turn);
    return length * Math.cos(turn);
  }

  /** @type {Generator["uniform"]} */
  const uniform = (count) => new Float32Array(count).map(real);

  /** @type {Generator["normal"]} */
  function normal(count) {
    if (count < LONE) return new Float32Array(count).map(lone);
    const numbers = uniform(count);
    for (let at = 0; at + LONE <= count; at += LONE) normals16(numbers.subarray(at, at + LONE));
    if (count % LONE) { // torch draws the last sixteen again
      numbers.set(uniform(LONE), count - LONE);
      normals16(numbers.subarray(count - LONE));
    }
    return numbers;
  }

  /** @type {Generator["integers"]} */
  const integers = (count, high) => new Uint32Array(count).map(() => word() % high);

  return { uniform, normal, integers };
}

// A function that gives the next 32 bits. A seed has 32 of them, too.
/** @type {(seed: number) => () => number} */
function twister(seed) {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i++) {
    const before = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, before) + i;
  }
  let at = SIZE;

  function turn() {
    for (let i = 0; i < SIZE; i++) {
      const mixed = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  }

  return () => {
    if (at === SIZE) turn();
    let word = state[at++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}
