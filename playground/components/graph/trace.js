// What the drawing costs a variational model, step by step: live/loss, taken apart.

import { gaussian } from "../engine/random.js";
import { askOfDrawing } from "../state/drawing.js";
import { input } from "../state/input.js";

// The order of `LATENT_NUMBERS` in ../../inference/costs.py.
const NUMBERS = [
  "mean", "logVar", "code", "rates", "byCode", "byMean", "byLogVar",
  "rateByMean", "rateByLogVar", "drawnByMean", "drawnByLogVar",
];
const FARTHEST = 6; // standard deviations

// For a drawing with its noise and `epsilon`, a number for each of the code: two pictures, the
// numbers and their gradients; null while the canvas is empty.
export async function askTrace(model, epsilon, asker) {
  const reply = await askOfDrawing("loss", { models: [model], noise: input.noise, sample: null, epsilon }, asker);
  if (!reply) return null;
  const { header, bytes, floats } = reply;
  const pixels = header.side ** 2;
  const [image, picture] = [bytes(pixels), bytes(pixels)];
  return { ...header, epsilon, image, picture, ...Object.fromEntries(NUMBERS.map((name) => [name, floats(header.code)])) };
}

// `count` numbers from N(0, 1), with as many digits as a request has room for.
export function newEpsilon(count) {
  const short = (value) => Math.round(1000 * Math.max(-FARTHEST, Math.min(value, FARTHEST))) / 1000;
  return Array.from({ length: count }, () => short(gaussian()));
}
