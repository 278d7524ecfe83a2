// What a map of two numbers shows around known codes, as playground/inference/latent/map.py finds it.

const PRIOR_REACH = 3; // standard deviations of the prior that its map shows at least
const OUTSIDE = 0.005; // share of the codes that may lie beyond each side of the map
const MARGIN = 0.05; // around the codes, as a share of the square

// The square that all but a few of the codes [n, 2] fit into: around the prior's middle if there is one.
/** @type {(codes: Float32Array, prior: boolean) => { centre: number[], half: number }} */
export function squareOf(codes, prior) {
  const ends = columns(codes).map((column) => {
    const sorted = column.sort();
    return [OUTSIDE, 1 - OUTSIDE].map((share) => quantile(sorted, share));
  });
  const centre = ends.map(([low, high]) => (prior ? 0 : (low + high) / 2));
  const far = ends.flatMap((pair, i) => pair.map((end) => Math.abs(end - centre[i])));
  const reach = Math.max(...far, 1e-3) * (1 + MARGIN);
  return { centre, half: prior ? Math.max(PRIOR_REACH, reach) : reach };
}

// The standard deviation of each of the two numbers.
/** @type {(codes: Float32Array) => number[]} */
export const spreadOf = (codes) => columns(codes).map((column) => {
  const mean = column.reduce((sum, each) => sum + each, 0) / column.length;
  return Math.sqrt(column.reduce((sum, each) => sum + (each - mean) ** 2, 0) / column.length);
});

/** @type {(codes: Float32Array) => Float32Array[]} */
const columns = (codes) => [0, 1].map((axis) => codes.filter((_, i) => i % 2 === axis));

/** @type {(sorted: Float32Array, share: number) => number} */
function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * (sorted[Math.ceil(at)] - sorted[below]);
}
