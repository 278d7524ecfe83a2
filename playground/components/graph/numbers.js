// The words of the graph: what stands at its nodes and on its edges, for all of a code or one
// number of it.

import { toBytes } from "../engine/numbers/float32.js";
import { gaussian } from "../engine/numbers/random.js";
import { coder } from "../state/coders.js";
import { SIDE, noisyDigit } from "../state/input.js";
import { about, known } from "../state/models.js";
import { nats } from "../ui/numbers.js";

const AT_ONCE = 2; // numbers of a code that are shown side by side; of more, their length

// `pick` is the place of one number, or null for all of them.
function inShort(values, pick) {
  if (pick !== null) return nats(values[pick]);
  if (values.length <= AT_ONCE) return [...values].map(nats).join(", ");
  return `‖ ${nats(Math.hypot(...values))} ‖`;
}

export function atNodes(trace, pick) {
  const short = (values) => inShort(values, pick);
  return {
    mean: short(trace.mean),
    logVar: short(trace.logVar),
    epsilon: short(trace.epsilon),
    code: short(trace.code),
    distortion: `${nats(trace.distortion)} nats`,
    rate: `${nats(trace.rate)} nats`,
    loss: `${nats(trace.loss)} nats`,
  };
}

// Forward there is little to say that the nodes do not say.
export function onEdges({ beta }) {
  return { "rate loss": `× β = ${beta}` };
}

// The gradients that flow back along each edge; null where none can. `inside`: the code is drawn
// by dice within the network.
export function gradientsOnEdges(trace, pick, inside) {
  const short = (values) => inShort(values, pick);
  const sum = (one, other) => one.map((value, i) => value + other[i]);
  return {
    "distortion loss": "1",
    "rate loss": `β = ${trace.beta}`,
    "decoder picture": `‖ ${nats(trace.push)} ‖`,
    "code decoder": short(trace.byCode),
    "mean code": inside ? null : short(trace.byMean),
    "logVar code": inside ? null : short(trace.byLogVar),
    "mean rate": short(trace.rateByMean),
    "logVar rate": short(trace.rateByLogVar),
    "encoder mean": short(inside ? trace.drawnByMean : sum(trace.byMean, trace.rateByMean)),
    "encoder logVar": short(inside ? trace.drawnByLogVar : sum(trace.byLogVar, trace.rateByLogVar)),
  };
}

export const NAMES = {
  image: "picture", encoder: "encoder", mean: "μ", logVar: "log σ²", epsilon: "ε", code: "z",
  decoder: "decoder", picture: "reconstruction", distortion: "distortion", rate: "rate", loss: "loss",
};
const SPOKEN = { ...NAMES, mean: "mean", logVar: "log-variance", epsilon: "noise epsilon", code: "code z" };

// Everything that is seen, in one sentence a part.
export function spoken(nodes, edges, backwards) {
  const values = Object.entries(nodes).map(([name, words]) => `${SPOKEN[name]} ${words}`);
  const ways = Object.entries(edges).map(([ends, words]) => {
    const [from, to] = ends.split(" ");
    const route = backwards ? `from ${SPOKEN[to]} to ${SPOKEN[from]}` : `from ${SPOKEN[from]} to ${SPOKEN[to]}`;
    return `${route} ${words ?? "none, blocked"}`;
  });
  const heading = backwards ? "Gradients of the loss" : "On the way";
  return `From picture to loss. ${values.join("; ")}. ${heading}: ${ways.join("; ")}.`;
}

// What the drawing costs a variational model, step by step.

const FARTHEST = 6; // standard deviations

// For a drawing with its noise and `epsilon`, a number for each of the code: two pictures, the
// numbers and their gradients; null while the canvas is empty.
export async function askTrace(name, epsilon) {
  const seen = noisyDigit.value;
  if (!seen) return null;
  const { beta, likelihood } = await modelCalled(name);
  const found = await coder(name).loss({ image: seen.image, noise: Float32Array.from(epsilon), beta, likelihood });
  return {
    side: SIDE,
    beta,
    epsilon,
    image: seen.picture,
    picture: toBytes(found.picture),
    distortion: found.distortion,
    rate: found.rates.reduce((sum, each) => sum + each, 0),
    loss: found.loss,
    push: Math.hypot(...found.gradLogits),
    mean: found.mean,
    logVar: found.logVar,
    code: found.latents,
    byCode: found.gradLatents,
    byMean: found.gradMean,
    byLogVar: found.gradLogVar,
    rateByMean: found.rateGradMean,
    rateByLogVar: found.rateGradLogVar,
    drawnByMean: found.sampledGradMean,
    drawnByLogVar: found.sampledGradLogVar,
  };
}

async function modelCalled(wanted) {
  const models = known.peek() ?? (await about()).models;
  return models.find(({ name }) => name === wanted);
}

// `count` numbers from N(0, 1), with as many digits as a link has room for.
export function newEpsilon(count) {
  const short = (value) => Math.round(1000 * Math.max(-FARTHEST, Math.min(value, FARTHEST))) / 1000;
  return Array.from({ length: count }, () => short(gaussian()));
}
