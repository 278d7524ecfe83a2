// What the logged curves of the race say, in sentences.

const FULL = "fully-connected";
const CONV = "convolutional";
const VARIATIONAL = "variational";

// `runs` have a name, and lines of epoch, seconds, test_distortion, test_rate and train_distortion.
export function verdict(runs) {
  const by = Object.fromEntries(runs.map((run) => [run.name, run]));
  const [full, conv, variational] = [by[FULL], by[CONV], by[VARIATIONAL]];
  const sentences = [];
  if (full && conv) sentences.push(inEpochs(full.lines, conv.lines), inSeconds(full.lines, conv.lines, conv.device));
  if (full) sentences.push(gaps(runs));
  if (variational) sentences.push(alsoPays(variational.lines.at(-1)));
  return sentences;
}

// Epoch by epoch, and against the best that the fully connected one comes to.
function inEpochs(full, conv) {
  const both = Math.min(full.length, conv.length);
  const ahead = conv.slice(0, both).map((line, i) => line.test_distortion < full[i].test_distortion);
  const since = ahead.lastIndexOf(false) + 1;
  const [last, there] = [conv[both - 1], full[both - 1]];
  const lead = since === 0
    ? "Epoch by epoch the convolutional network is ahead from the first on"
    : since < both
      ? `Epoch by epoch the convolutional network is behind at first, and ahead from epoch ${conv[since].epoch} on`
      : "Epoch by epoch the convolutional network is not ahead at the end";
  const best = least(full);
  const passed = conv.find((line) => line.test_distortion <= best.test_distortion);
  const reached = full.find((line) => line.test_distortion <= last.test_distortion);
  const after = `after ${last.epoch} epochs it is at ${nats(last)} nats on test images, the fully connected one at ${nats(there)}`;
  const goal = passed
    ? `It passes the best of the fully connected one, ${nats(best)} nats, after ${passed.epoch} epochs.`
    : `In its ${conv.at(-1).epoch} epochs it does not come to the best of the fully connected one, ${nats(best)} nats after ${best.epoch}.`;
  const rate = "The steps of each run get smaller towards its own last epoch, so the shorter run settles sooner.";
  const same = reached ? ` What it has at its end, the fully connected one has after ${reached.epoch} epochs.` : "";
  return `${lead}: ${after}. ${goal}${same} ${rate}`;
}

// A window that slides is computed at every place, which costs time though it saves weights.
function inSeconds(full, conv, device) {
  const last = conv.at(-1);
  const reached = full.find((line) => line.test_distortion <= last.test_distortion);
  const where = `on the machine that ran them (${device}, with other work)`;
  if (!reached) return `In seconds ${where}: the fully connected network never comes to what the convolutional one has after ${time(last)}.`;
  if (reached.seconds < last.seconds) {
    return `In seconds it is the other way round ${where}: for the same distortion the convolutional network took ${time(last)}, the fully connected one ${time(reached)}. A window that slides has few weights, but is computed at every place.`;
  }
  return `In seconds ${where}: for the same distortion the convolutional network took ${time(last)}, the fully connected one ${time(reached)}.`;
}

function gaps(runs) {
  const each = runs.map(({ label, lines }) => {
    const { test_distortion: test, train_distortion: train } = lines.at(-1);
    return `${label} ${(test - train).toFixed(1).replace("-", "−")}`;
  });
  return `How many nats more a test image costs than a training image at the end: ${each.join(", ")}. More than 0 is overfitting; the training numbers are averages over an epoch, in which the network still learnt, so they may lie above.`;
}

function alsoPays({ test_rate: rate, test_distortion: distortion }) {
  return `The variational network pays for its code as well: ${rate.toFixed(1)} nats of rate beside ${distortion.toFixed(1)} of distortion. It buys a space to sample from, and should not be judged by distortion alone.`;
}

const least = (lines) => lines.reduce((best, line) => (line.test_distortion < best.test_distortion ? line : best));
const nats = ({ test_distortion: distortion }) => distortion.toFixed(1);
const time = ({ seconds }) => `${Math.round(seconds)} s`;
