// From the lines that a run leaves behind to curves: [[epoch, nats], …].

const OFTEN = 8; // lines within an epoch from which on they say more than its average

// One quantity, "distortion" or "rate": while training, and on images never trained on.
export function curvesOf(lines, quantity) {
  const ends = lines.filter(({ kind }) => kind === "epoch");
  const test = ends.map((line) => [line.epoch, line[`test_${quantity}`]]);
  return { train: known(trainCurve(lines, ends, `train_${quantity}`)), test: known(test) };
}

// A loss that overflowed is no number.
const known = (points) => points.filter(([, value]) => Number.isFinite(value));

// An epoch's average says little of its first moments, so those are shown while they are many.
function trainCurve(lines, ends, key) {
  const within = new Map(); // epoch -> its lines of progress
  for (const line of lines) {
    if (line.kind !== "progress") continue;
    const epoch = Math.ceil(line.epoch);
    within.set(epoch, [...(within.get(epoch) ?? []), [line.epoch, line[key]]]);
  }
  const points = [];
  for (const line of ends) {
    const moments = within.get(line.epoch) ?? [];
    within.delete(line.epoch);
    if (moments.length >= OFTEN || line.epoch === 1) points.push(...moments);
    if (moments.length < OFTEN) points.push([line.epoch, line[key]]);
  }
  return [...points, ...[...within.values()].flat()].sort((one, other) => one[0] - other[0]);
}

// The KL per latent after the last epoch; null for models without it.
export function klOf(lines) {
  return lines.findLast(({ kl }) => kl)?.kl ?? null;
}
