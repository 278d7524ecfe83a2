// Digits as the models see them, 28x28 grey bytes: the drawing on the canvas, and the examples.

import { input } from "./page.js";
import { ask, pack, unpack } from "./wire.js";

// The drawing as it is now, clean and with its noise; null while the canvas is empty.
export async function drawnDigit() {
  if (!input.ink) return null;
  const { width, height, bytes: ink } = input.ink;
  const header = { models: [], noise: input.noise, sample: null, width, height };
  const reply = await ask("live/reconstruct", pack(header, ink));
  const { header: { side }, bytes } = unpack(await reply.arrayBuffer());
  return { side, clean: bytes(side * side), noisy: bytes(side * side) };
}

let found;

// The example digits: [{ label, side, grey }], asked for once.
export function exampleDigits() {
  found ??= fetchExamples().catch((error) => {
    found = undefined; // the next caller tries again
    throw error;
  });
  return found;
}

async function fetchExamples() {
  const reply = await ask("live/examples");
  const { header: { side, labels }, bytes } = unpack(await reply.arrayBuffer());
  return labels.map((label) => ({ label, side, grey: bytes(side * side) }));
}
