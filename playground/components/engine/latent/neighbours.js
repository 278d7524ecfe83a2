// The digits whose codes are nearest to a new one, and its place on a finished map of them. Mirrors
// nearest and place_on_map in vae_core/latent/embedding.py.

/** @typedef {{ indices: number[], weights: Float32Array, distances: Float64Array }} Near the nearest first; the weights add to 1 */

const SETTLING = 20; // steps; more move no point visibly

// Among known codes, one after the other. A weight is 1 / distance², and codes that coincide with
// the new one share all of it.
/** @type {(known: Float32Array, code: Float32Array, k?: number) => Near} */
export function nearest(known, code, k = 5) {
  const size = code.length;
  /** @type {number[]} */
  const indices = [];
  /** @type {number[]} */
  const squares = []; // of their distances, rising
  for (let row = 0; row < known.length / size; row++) {
    const square = apart(known, row * size, code, squares[k - 1] ?? Infinity);
    if (square >= (squares[k - 1] ?? Infinity)) continue;
    let at = squares.length;
    while (at > 0 && squares[at - 1] > square) at--;
    squares.splice(at, 0, square);
    indices.splice(at, 0, row);
    squares.length = indices.length = Math.min(k, squares.length);
  }
  const [least] = squares;
  const shares = squares.map((square) => (least === 0 ? Number(square === 0) : least / square));
  const total = shares.reduce((sum, share) => sum + share);
  return {
    indices,
    weights: Float32Array.from(shares, (share) => share / total),
    distances: Float64Array.from(squares, Math.sqrt),
  };
}

// The square of a distance, or something above `enough` once it is.
/** @type {(known: Float32Array, start: number, code: Float32Array, enough: number) => number} */
function apart(known, start, code, enough) {
  let sum = 0;
  for (let i = 0; i < code.length && sum <= enough; i++) sum += (known[start + i] - code[i]) ** 2;
  return sum;
}

// The point of a map of `dims` axes whose weighted distances to the neighbours' places have the
// smallest sum. A mean would fall into the empty space between two clusters that share them.
/** @type {(points: Float32Array, dims: number, near: Near) => Float32Array<ArrayBuffer>} */
export function placeOnMap(points, dims, { indices, weights }) {
  const places = indices.map((i) => points.subarray(dims * i, dims * (i + 1)));
  const softness = 1e-3 * deviation(points) + 1e-12; // keeps a step finite where it lands on a place
  let middle = mean(places, weights);
  for (let step = 0; step < SETTLING; step++) {
    const from = middle;
    middle = mean(places, places.map((place, i) => weights[i] / (Math.hypot(...from.map((value, axis) => place[axis] - value)) + softness)));
  }
  return Float32Array.from(middle);
}

/** @type {(places: Float32Array[], weights: ArrayLike<number>) => Float64Array} */
function mean(places, weights) {
  const sums = new Float64Array(places[0].length);
  let total = 0;
  places.forEach((place, i) => {
    total += weights[i];
    for (let axis = 0; axis < place.length; axis++) sums[axis] += weights[i] * place[axis];
  });
  return sums.map((sum) => sum / total);
}

// Of all numbers together.
/** @type {(values: Float32Array) => number} */
function deviation(values) {
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length);
}
