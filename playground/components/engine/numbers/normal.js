// Sixteen normal numbers from sixteen even ones, bit by bit as PyTorch makes them with AVX2. Its
// logarithm, sine and cosine are polynomials in float32, and so are these: Math.log and Math.cos
// differ from them, and from browser to browser. (Elsewhere PyTorch differs by some units in the
// last place from itself.) After NormalFill16 in PyTorch's DistributionTemplates.h and
// avx_mathfun.h (Pommier; Garberoglio; zlib licence), whose polynomials are those of Cephes (Moshier).

const { fround } = Math;

// a * b + c with one rounding: a product of two float32 is exact in double precision.
/** @type {(a: number, b: number, c: number) => number} */
const fused = (a, b, c) => fround(a * b + c);

// Box & Muller, A Note on the Generation of Random Normal Deviates (1958). In place: the first eight
// numbers give lengths, the others angles.
/** @type {(numbers: Float32Array) => void} */
export function normals16(numbers) {
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
