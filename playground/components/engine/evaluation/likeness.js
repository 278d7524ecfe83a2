// How unlike any digit a picture is, by what the digit classifier sees of it. Mirrors
// vae_core/evaluation/likeness.py.

/**
 * @typedef {{ count: number, size: number, k: number, scale: number, limit: number }} Header
 * @typedef {Header & { features: Float32Array }} Known what it sees of held-out digits: `size` features each
 */

// What is known of held-out digits from a byte a feature, of which 1 stands for `scale`.
/** @type {(header: Header, bytes: Uint8Array) => Known} */
export function knownOf(header, bytes) {
  const features = new Float32Array(bytes);
  for (let i = 0; i < features.length; i++) features[i] *= header.scale; // `from` with a function takes a tenth of a second
  return { ...header, features };
}

// Features of length 1 of pictures, one after the other; `size` of them a picture.
/** @type {(features: Float32Array, size: number) => Float32Array<ArrayBuffer>} */
export function normalised(features, size) {
  const found = Float32Array.from(features);
  for (let first = 0; first < found.length; first += size) {
    const one = found.subarray(first, first + size);
    const length = Math.hypot(...one);
    if (length > 0) one.forEach((value, i) => (one[i] = value / length));
  }
  return found;
}

// The mean distance of each picture from its nearest digits, for features of length 1.
/** @type {(features: Float32Array, known: Known) => Float32Array<ArrayBuffer>} */
export function unlikeness(features, { count, size, k, features: known }) {
  const found = new Float32Array(features.length / size);
  const nearest = new Float64Array(Math.min(k, count)); // squares, rising
  for (let picture = 0; picture < found.length; picture++) {
    nearest.fill(Infinity);
    for (let row = 0; row < count; row++) insert(nearest, square(features, picture * size, known, row * size, size));
    found[picture] = nearest.reduce((sum, each) => sum + Math.sqrt(each), 0) / nearest.length;
  }
  return found;
}

/** @type {(one: Float32Array, from: number, other: Float32Array, start: number, size: number) => number} */
function square(one, from, other, start, size) {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const apart = one[from + i] - other[start + i];
    sum += apart * apart;
  }
  return sum;
}

/** @type {(rising: Float64Array, value: number) => void} */
function insert(rising, value) {
  if (value >= rising[rising.length - 1]) return;
  let at = rising.length - 1;
  for (; at > 0 && rising[at - 1] > value; at--) rising[at] = rising[at - 1];
  rising[at] = value;
}
