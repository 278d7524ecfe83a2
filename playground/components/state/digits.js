// Digits from elsewhere than the canvas, as the models see them, 28x28 grey bytes.

import { fact, unpack } from "../engine/wire.js";

/** @typedef {{ label: number, side: number, grey: Uint8Array<ArrayBuffer> }} Example */

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
