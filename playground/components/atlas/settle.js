// Where a drawing falls on a finished map. See `place` in vae_core/latent/embedding.py.

const STEPS = 20;
const SOFT = 4e-4; // keeps a step finite where it lands on a point

// The point whose weighted distances to the neighbours' points have the smallest sum. A mean would
// fall into the empty space between two clusters that share the neighbours.
export function middleOf(points, { indices, weights }) {
  const places = indices.map((i) => points.subarray(3 * i, 3 * i + 3));
  let middle = mean(places, weights);
  for (let step = 0; step < STEPS; step++) {
    const from = middle;
    const pulls = places.map((place, at) => weights[at] / (apart(place, from) + SOFT));
    middle = mean(places, pulls);
  }
  return middle;
}

function mean(places, weights) {
  const sum = new Float32Array(3);
  let total = 0;
  places.forEach((place, at) => {
    total += weights[at];
    for (let axis = 0; axis < 3; axis++) sum[axis] += weights[at] * place[axis];
  });
  return sum.map((value) => value / total);
}

function apart(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
