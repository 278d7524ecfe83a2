// What the page knows of the latents of models: those of their atlases, and what new ones are drawn from.

import { sampleLatents, standardNormal } from "../engine/latent/sampling.js";
import { fromHalves, toBytes } from "../engine/numbers/float32.js";
import { newSeed } from "../engine/numbers/random.js";
import { unpack } from "../engine/wire.js";
import { coder } from "./coders.js";
import { about, factOf } from "./models.js";

/**
 * @typedef {import("./models.js").Model} Model
 * @typedef {import("../engine/latent/sampling.js").Gaussian} Gaussian
 * @typedef {{ size: number, latents: Float32Array }} Known latents of `size` numbers, one after the other
 */

// Gives the same promise for the same weights of a model, until it fails.
/** @type {<Found>(find: (model: Model) => Promise<Found>) => (model: Model) => Promise<Found>} */
function once(find) {
  const kept = new Map();
  return (model) => {
    const { name, version } = model;
    const before = kept.get(name);
    if (before && before.version === version) return before.found;
    const found = find(model);
    kept.set(name, { version, found });
    found.catch(() => kept.get(name)?.found === found && kept.delete(name)); // the next one who asks tries again
    return found;
  };
}

// The latents of a model's atlas, in the order of its maps.
/** @type {(model: Model) => Promise<Known>} */
export const atlasLatents = once(async ({ name }) => {
  const { header: { count, size, half }, bytes, floats } = unpack(await (await factOf("atlas-latents", name)).arrayBuffer());
  const latents = half ? fromHalves(new Uint16Array(bytes(2 * count * size).buffer)) : floats(count * size);
  return { size, latents };
});

/** @type {(model: Model) => Promise<Gaussian>} */
const fitted = once(async ({ name }) => {
  const { header: { size }, floats } = unpack(await (await factOf("gaussian", name)).arrayBuffer());
  return { mean: floats(size), factor: floats(size * size) };
});

// New latents of a model, one after the other and the same for the same seed: from its prior, or
// from the Gaussian that is fitted to its latents.
/** @type {(model: Model, count: number, temperature: number, seed: number) => Promise<Float32Array<ArrayBuffer>>} */
export async function newLatents(model, count, temperature, seed) {
  const gaussian = model.samples ? standardNormal(model.code) : await fitted(model);
  return sampleLatents(gaussian, count, temperature, seed);
}

// A new digit from the prior of the first variational model.
/** @type {() => Promise<Uint8Array<ArrayBuffer>>} */
export async function sampledDigit() {
  const { models } = await about();
  const model = models.find(({ samples }) => samples);
  if (!model) throw new Error("No model here can sample digits: that takes a variational one.");
  return toBytes(await coder(model.name).decode(await newLatents(model, 1, 1, newSeed()), 1));
}
