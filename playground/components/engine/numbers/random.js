// Random numbers: the same again for the same seed where there is one, which those of the browser are not.

const { fround } = Math;

// The random numbers of PyTorch on a CPU: the same ones for the same seed, so that a noise, a sample
// and a draw look the same here and there. Mirrors torch.Generator, torch.rand, randn and randint.
// Matsumoto & Nishimura, Mersenne Twister (1998), https://doi.org/10.1145/272991.272995

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

// Sixteen normal numbers from sixteen even ones, bit by bit as PyTorch makes them with AVX2. Its
// logarithm, sine and cosine are polynomials in float32, and so are these: Math.log and Math.cos
// differ from them, and from browser to browser. (Elsewhere PyTorch differs by some units in the
// last place from itself.) After NormalFill16 in PyTorch's DistributionTemplates.h and
// avx_mathfun.h (Pommier; Garberoglio; zlib licence), whose polynomials are those of Cephes (Moshier).

// a * b + c with one rounding: a product of two float32 is exact in double precision.
/** @type {(a: number, b: number, c: number) => number} */
const fused = (a, b, c) => fround(a * b + c);

// Box & Muller, A Note on the Generation of Random Normal Deviates (1958). In place: the first eight
// numbers give lengths, the others angles.
/** @type {(numbers: Float32Array) => void} */
function normals16(numbers) {
  for (let i = 0; i < 8; i++) {
    const length = fround(Math.sqrt(fround(-2 * logarithm(fround(1 - numbers[i])))));
    const { sine, cosine } = circle(fround(TWO_PI * numbers[i + 8]));
    numbers[i] = length * cosine;
    numbers[i + 8] = length * sine;
  }
}

/** @type {(numbers: number[]) => Float32Array} */
const floats = (numbers) => Float32Array.from(numbers);

const TWO_PI = fround(2 * Math.PI);
const ROOT_OF_HALF = fround(Math.SQRT1_2);
const LOG = floats([
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);
const LOG_2 = floats([-2.1219444e-4, 0.693359375]); // what is small of it, and the rest
const FOUR_OVER_PI = fround(1.27323954473516);
const PI_OVER_4 = floats([-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8]); // less in three parts
const SINE = floats([-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
const COSINE = floats([2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);

const bits = new Uint32Array(1);
const number = new Float32Array(bits.buffer);

/** @type {(coefficients: Float32Array, x: number) => number} */
function polynomial(coefficients, x) {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = fused(sum, x, coefficients[i]);
  return sum;
}

// The natural logarithm of a float32 from 2^-24 to 1.
/** @type {(value: number) => number} */
function logarithm(value) {
  number[0] = value;
  let power = (bits[0] >>> 23) - 126;
  bits[0] = (bits[0] & 0x007fffff) | 0x3f000000; // the fraction, from 1/2 to below 1
  let x = number[0];
  if (x < ROOT_OF_HALF) {
    power -= 1;
    x += x;
  }
  x = fround(x - 1);
  const square = fround(x * x);
  const cubic = fround(polynomial(LOG, x) * x);
  const small = fused(cubic, square, fround(power * LOG_2[0]));
  const sum = fround(x + fused(-0.5, square, small));
  return fused(power, LOG_2[1], sum);
}

// Sine and cosine of an angle from 0 to 2π.
/** @type {(angle: number) => { sine: number, cosine: number }} */
function circle(angle) {
  const eighth = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1; // to the nearest quarter
  const x = PI_OVER_4.reduce((left, part) => fused(eighth, part, left), angle);
  const square = fround(x * x);
  const long = fround(polynomial(COSINE, square) * square);
  const even = fround(fused(long, square, fround(-0.5 * square)) + 1);
  const odd = fused(fround(polynomial(SINE, square) * square), x, x);
  const [sine, cosine] = eighth & 2 ? [even, odd] : [odd, even];
  return {
    sine: eighth & 4 ? -sine : sine,
    cosine: (eighth - 2) & 4 ? cosine : -cosine,
  };
}

// Of less effort, where PyTorch need not agree.

// A function that gives the next number from 0 to below 1. Mulberry32, by Tommy Ettinger.
/** @type {(seed: number) => () => number} */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @type {(seed: number, count: number) => Uint8Array} */
export function randomBytes(seed, count) {
  const roll = dice(seed);
  return Uint8Array.from({ length: count }, () => 256 * roll());
}

// The same things in another order.
/** @type {<T>(things: T[], seed: number) => T[]} */
export function shuffled(things, seed) {
  const roll = dice(seed);
  const order = [...things];
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor((i + 1) * roll());
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

// One number from N(0, 1). Box & Muller, A Note on the Generation of Random Normal Deviates (1958).
export function gaussian() {
  const length = Math.sqrt(-2 * Math.log(1 - Math.random()));
  return length * Math.cos(2 * Math.PI * Math.random());
}

export const LARGEST_SEED = 2 ** 31 - 1;

export function newSeed() {
  return Math.floor(Math.random() * (LARGEST_SEED + 1));
}
