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
export const toFloats = (bytes) => Float32Array.from(bytes, (value) => value / 255);

// 0 to 1 as 0 to 255, rounded; beyond either end it is that end. Mirrors vae_core.types.to_bytes.
/** @type {(floats: ArrayLike<number>) => Uint8Array<ArrayBuffer>} */
export const toBytes = (floats) => Uint8Array.from(floats, (value) => rint(fround(clamp(value, 0, 1) * 255)));

// Part of the way from one float32 to another, as torch.lerp goes it: from the nearer end.
/** @type {(from: number, to: number, share: number) => number} */
export function lerp(from, to, share) {
  const away = fround(to - from);
  return share < 0.5 ? fround(share * away + from) : fround(fround(share - 1) * away + to);
}

// The sum of many numbers in single precision, added up in the pairs in which NumPy adds them.
/** @type {(values: Float32Array) => number} */
export function sum(values) {
  const count = values.length;
  if (count < 8) return values.reduce((so, value) => fround(so + value), -0);
  if (count > 128) {
    const half = (count >> 1) - ((count >> 1) % 8);
    return fround(sum(values.subarray(0, half)) + sum(values.subarray(half)));
  }
  const lanes = values.slice(0, 8);
  let at = 8;
  for (; at + 8 <= count; at += 8) for (let lane = 0; lane < 8; lane++) lanes[lane] += values[at + lane];
  const pairs = [0, 2, 4, 6].map((lane) => fround(lanes[lane] + lanes[lane + 1]));
  let total = fround(fround(pairs[0] + pairs[1]) + fround(pairs[2] + pairs[3]));
  for (; at < count; at++) total = fround(total + values[at]);
  return total;
}
