// Single precision as PyTorch and NumPy round in it: pictures between floats and bytes, the way from
// number to number, sums.

const { fround } = Math;

// To the nearest whole number; of two equally near ones to the even one, as in Python.
/** @type {(value: number) => number} */
export function rint(value) {
  const low = Math.floor(value);
  const over = value - low;
  if (over === 0.5) return low % 2 ? low + 1 : low;
  return over < 0.5 ? low : low + 1;
}

/** @type {(value: number, low: number, high: number) => number} */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// 0 to 255 as 0 to 1. Mirrors vae_core.types.to_floats.
/** @type {(bytes: ArrayLike<number>) => Float32Array<ArrayBuffer>} */
export function toFloats(bytes) {
  const floats = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) floats[i] = bytes[i] / 255;
  return floats;
}

// 0 to 1 as 0 to 255, rounded; beyond either end it is that end. Mirrors vae_core.types.to_bytes.
/** @type {(floats: ArrayLike<number>) => Uint8Array<ArrayBuffer>} */
export function toBytes(floats) {
  const bytes = new Uint8Array(floats.length);
  for (let i = 0; i < floats.length; i++) bytes[i] = rint(fround(clamp(floats[i], 0, 1) * 255));
  return bytes;
}

/** @type {number[]} */
const POWERS = Array.from({ length: 31 }, (_, power) => 2 ** (power - 25)); // of the last bit of a float16

// Finite float16 numbers as float32, given by their bits.
/** @type {(bits: Uint16Array) => Float32Array<ArrayBuffer>} */
export function fromHalves(bits) {
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const power = (bits[i] >> 10) & 31;
    const last = (bits[i] & 1023) + (power ? 1024 : 0);
    floats[i] = last * POWERS[power || 1] * (bits[i] & 32768 ? -1 : 1);
  }
  return floats;
}

// Part of the way from one float32 to another, as torch.lerp goes it: from the nearer end.
/** @type {(from: number, to: number, share: number) => number} */
export function lerp(from, to, share) {
  const away = fround(to - from);
  return share < 0.5 ? fround(share * away + from) : fround(fround(share - 1) * away + to);
}

// The sum of many numbers in single precision, added up in the pairs in which NumPy adds them.
/** @type {(values: Float32Array, from?: number, count?: number) => number} */
export function sum(values, from = 0, count = values.length) {
  if (count > 128) {
    const half = (count >> 1) - ((count >> 1) % 8);
    return fround(sum(values, from, half) + sum(values, from + half, count - half));
  }
  const end = from + count;
  let at = from;
  let total = -0;
  if (count >= 8) {
    let [s0, s1, s2, s3] = [values[at], values[at + 1], values[at + 2], values[at + 3]];
    let [s4, s5, s6, s7] = [values[at + 4], values[at + 5], values[at + 6], values[at + 7]];
    for (at = from + 8; at + 8 <= end; at += 8) {
      s0 = fround(s0 + values[at]);
      s1 = fround(s1 + values[at + 1]);
      s2 = fround(s2 + values[at + 2]);
      s3 = fround(s3 + values[at + 3]);
      s4 = fround(s4 + values[at + 4]);
      s5 = fround(s5 + values[at + 5]);
      s6 = fround(s6 + values[at + 6]);
      s7 = fround(s7 + values[at + 7]);
    }
    total = fround(fround(fround(s0 + s1) + fround(s2 + s3)) + fround(fround(s4 + s5) + fround(s6 + s7)));
  }
  for (; at < end; at++) total = fround(total + values[at]);
  return total;
}

// In double precision.
/** @type {(one: ArrayLike<number>, other: ArrayLike<number>) => number} */
export function dot(one, other) {
  let total = 0;
  for (let i = 0; i < one.length; i++) total += one[i] * other[i];
  return total;
}

// How many numbers an array of this shape has.
/** @type {(shape: number[]) => number} */
export const sizeOf = (shape) => shape.reduce((product, side) => product * side, 1);

// All of them in one, one after the other.
/** @type {(arrays: Float32Array[]) => Float32Array} */
export function joined(arrays) {
  const all = new Float32Array(arrays.reduce((count, { length }) => count + length, 0));
  let at = 0;
  for (const each of arrays) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}
