// Which pictures are digits: by their distance from real ones, as ../../../vae_core/evaluation/likeness.py
// measures it.

import { knownOf, normalised, unlikeness } from "../engine/evaluation/likeness.js";
import { unpack } from "../engine/wire.js";
import { featuresOf } from "./coders.js";
import { fact, factOf } from "./models.js";

/** @import { Header, Known } from "../engine/evaluation/likeness.js" */

/** @type {Promise<Known> | undefined} */
let knowing;

/** @type {() => Promise<Known>} */
async function fetchKnown() {
  const { header, bytes } = unpack(await (await fact("held-out")).arrayBuffer());
  return knownOf(/** @type {Header} */ (header), bytes(header.count * header.size));
}

// How unlike any digit each of these pictures of bytes is, and whether it counts as one; null where
// nothing says what a digit is.
/** @type {(pictures: Uint8Array[]) => Promise<{ unlike: Float32Array, limit: number, digits: boolean[] } | null>} */
export async function judged(pictures) {
  knowing ??= fetchKnown();
  try {
    const [known, seen] = await Promise.all([knowing, featuresOf(pictures)]);
    if (!seen) return null;
    const unlike = unlikeness(normalised(seen, known.size), known);
    return { unlike, limit: known.limit, digits: Array.from(unlike, (each) => each <= known.limit) };
  } catch {
    knowing = undefined; // the next one who asks tries again
    return null;
  }
}

// Where a space of two numbers draws digits: a raster over the square of its map, in which a place up to
// `limit` is one, and the shares of the square and of random codes that are.
/** @type {(model: string) => Promise<{ side: number, bytes: Uint8Array, limit: number, share: number, random: number }>} */
export async function fetchDigits(model) {
  const { header, bytes } = unpack(await (await factOf("digits", model)).arrayBuffer());
  const { side, limit, share, random } = header;
  return { side, limit, share, random, bytes: bytes(side * side) };
}
