// From the lines that a run leaves behind to curves: [[epoch, nats], …].

const FIRST = 3; // epochs in which so much happens that their averages hide it

// One quantity, "distortion" or "rate": while training, and on images never trained on.
export function curvesOf(lines, quantity) {
  const ends = lines.filter(({ kind }) => kind === "epoch");
  const heldOut = ends.map((line) => [line.epoch, line[`held_out_${quantity}`]]);
  return { train: known(trainCurve(lines, ends, `train_${quantity}`)), heldOut: known(heldOut) };
}

// A loss that overflowed is no number.
const known = (points) => points.filter(([, value]) => Number.isFinite(value));

// The average of each epoch at its end, and the moments of the first ones and of the one that is on.
function trainCurve(lines, ends, key) {
  const within = new Map(); // epoch -> its lines of progress
  for (const line of lines) {
    if (line.kind !== "progress") continue;
    const epoch = Math.ceil(line.epoch);
    if (!within.has(epoch)) within.set(epoch, []);
    within.get(epoch).push([line.epoch, line[key]]);
  }
  const points = [];
  for (const line of ends) {
    const moments = within.get(line.epoch) ?? [];
    within.delete(line.epoch);
    if (line.epoch <= FIRST) points.push(...moments.filter(([epoch]) => epoch < line.epoch));
    points.push([line.epoch, line[key]]);
  }
  return [...points, ...[...within.values()].flat()].sort((one, other) => one[0] - other[0]);
}

// The KL per latent after the last epoch; null for models without it.
export function klOf(lines) {
  return lines.findLast(({ kl }) => kl)?.kl ?? null;
}
