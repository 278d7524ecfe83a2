// From the lines that a run leaves behind to curves: [[epoch, nats], …]. What is an average over an
// epoch, and what is of a moment, are different things, and no line joins them.

const FIRST = 3; // epochs in which so much happens that their averages hide it

// One quantity, "distortion" or "rate": averaged over each epoch of training, and so in its middle; at
// the `moments` of the first epochs and of the one that is on, each stretch of them a line; and on images
// never trained on, after each epoch.
export function curvesOf(lines, quantity) {
  const ends = lines.filter(({ kind }) => kind === "epoch");
  const key = `train_${quantity}`;
  return {
    train: known(ends.map((line) => [line.epoch - 0.5, line[key]])),
    moments: stretches(momentsOf(lines, ends, key)),
    heldOut: known(ends.map((line) => [line.epoch, line[`held_out_${quantity}`]])),
  };
}

// A loss that overflowed is no number.
const known = (points) => points.filter(([, value]) => Number.isFinite(value));

function momentsOf(lines, ends, key) {
  const done = new Set(ends.map(({ epoch }) => epoch));
  const wanted = ({ kind, epoch }) => kind === "progress" && (epoch <= FIRST || !done.has(Math.ceil(epoch)));
  return known(lines.filter(wanted).map((line) => [line.epoch, line[key]])).sort((one, other) => one[0] - other[0]);
}

// Cut where whole epochs lie between two moments.
function stretches(points) {
  const found = [];
  for (const point of points) {
    const before = found.at(-1)?.at(-1);
    if (before && Math.ceil(point[0]) - Math.ceil(before[0]) <= 1) found.at(-1).push(point);
    else found.push([point]);
  }
  return found;
}

// The KL per latent after the last epoch; null for models without it.
export function klOf(lines) {
  return lines.findLast(({ kl }) => kl)?.kl ?? null;
}
