// Digits from elsewhere than the canvas, as the models see them, 28x28 grey bytes.

import { unpack } from "../engine/bytes.js";
import { toBytes } from "../engine/float32.js";
import { newSeed } from "../engine/random.js";
import { coder } from "./coders.js";
import { fact } from "./facts.js";
import { newLatents } from "./latents.js";
import { about } from "./models.js";

/** @typedef {{ label: number, side: number, grey: Uint8Array<ArrayBuffer> }} Example */

// A new digit from the prior of the first variational model.
/** @type {() => Promise<Uint8Array<ArrayBuffer>>} */
export async function sampledDigit() {
  const { models } = await about();
  const model = models.find(({ samples }) => samples);
  if (!model) throw new Error("No model here can sample digits: that takes a variational one.");
  return toBytes(await coder(model.name).decode(await newLatents(model, 1, 1, newSeed()), 1));
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
