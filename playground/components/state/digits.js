// Pictures from elsewhere than the canvas, as the models see them, 28x28 grey bytes.

import { once, unpack } from "../engine/wire.js";
import { fact } from "./models.js";

/** @typedef {{ label: number, side: number, grey: Uint8Array<ArrayBuffer> }} Example */

// The example digits: [{ label, side, grey }], asked for once.
export const exampleDigits = once(async () => {
  const { header: { side, labels }, bytes } = await message("examples");
  /** @type {Example[]} */
  const found = labels.map((/** @type {number} */ label) => ({ label, side, grey: bytes(side * side) }));
  return found;
});

// Drawings that are no digits: [{ name, grey }], asked for once.
export const otherDrawings = once(async () => {
  const { header: { side, names }, bytes } = await message("others");
  /** @type {{ name: string, grey: Uint8Array<ArrayBuffer> }[]} */
  const found = names.map((/** @type {string} */ name) => ({ name, grey: bytes(side * side) }));
  return found;
});

/** @type {(name: string) => Promise<import("../engine/wire.js").Message>} */
const message = async (name) => unpack(await (await fact(name)).arrayBuffer());
