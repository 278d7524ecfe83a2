// Digits from elsewhere than the canvas, as the models see them, 28x28 grey bytes.

import { pack, unpack } from "../engine/bytes.js";
import { newSeed } from "../engine/random.js";
import { ask } from "../engine/wire.js";
import { fact } from "./facts.js";
import { about } from "./models.js";

/** @typedef {{ label: number, side: number, grey: Uint8Array<ArrayBuffer> }} Example */

// A new digit from the prior of the first variational model.
/** @type {() => Promise<Uint8Array<ArrayBuffer>>} */
export async function sampledDigit() {
  const { models } = await about();
  const model = models.find(({ samples }) => samples);
  if (!model) throw new Error("No model here can sample digits: that takes a variational one.");
  const header = { models: [model.name], count: 1, temperature: 1, seed: newSeed(), judged: false };
  const reply = await ask("live/sample", pack(header, new Uint8Array()));
  const { header: { side }, bytes } = unpack(await reply.arrayBuffer());
  return bytes(side * side);
}

/** @type {Promise<Example[]> | undefined} */
let found;

// The example digits: [{ label, side, grey }], asked for once.
/** @type {() => Promise<Example[]>} */
export function exampleDigits() {
  found ??= fetchExamples().catch((error) => {
    found = undefined; // the next caller tries again
    throw error;
  });
  return found;
}

/** @type {() => Promise<Example[]>} */
async function fetchExamples() {
  const reply = await fact("examples");
  const { header: { side, labels }, bytes } = unpack(await reply.arrayBuffer());
  return labels.map((/** @type {number} */ label) => ({ label, side, grey: bytes(side * side) }));
}
