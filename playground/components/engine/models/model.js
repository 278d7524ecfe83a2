// A model as the page asks it, wherever it runs: in a worker of the page (local.js), or on the server
// (remote.js). What it says is what PyTorch says.

/**
 * @typedef {import("./network.js").Layers} Layers
 * @typedef {import("./network.js").Posterior} Posterior
 * @typedef {import("./network.js").Activation} Activation
 * @typedef {import("./network.js").Unit} Unit
 * @typedef {import("./loss.js").Trace} Trace
 * @typedef {Posterior & { code: Float32Array, drawn: Float32Array }} Reconstruction the code as it was decoded
 * @typedef {{ image: Float32Array, stage: number, unit: number, by: number }} UnitQuestion
 * @typedef {{ image: Float32Array, noise: Float32Array, beta: number, likelihood: string }} LossQuestion
 * @typedef {{
 *   encode: (images: Float32Array, count?: number) => Promise<Posterior>,
 *   decode: (latents: Float32Array, count?: number) => Promise<Float32Array>,
 *   reconstruct: (image: Float32Array, seed?: number | null) => Promise<Reconstruction>,
 *   activations: (image: Float32Array) => Promise<Activation[]>,
 *   unit: (question: UnitQuestion) => Promise<Unit>,
 *   loss: (question: LossQuestion) => Promise<Trace>,
 * }} Model images are numbers from 0 to 1, channel by channel, one image after the other
 */

// A model that asks `remote` until `local` is there, and for ever if that fails: its layers may be
// unknown to the engine. `ready` settles on whether it is local.
/** @type {(remote: Model, local: Promise<Model | null>) => Model & { ready: Promise<boolean> }} */
export function firstThere(remote, local) {
  let now = remote;
  const ready = local.then((model) => {
    if (model) now = model;
    return model !== null;
  }, () => false);
  return {
    ready,
    encode: (images, count) => now.encode(images, count),
    decode: (latents, count) => now.decode(latents, count),
    reconstruct: (image, seed) => now.reconstruct(image, seed),
    activations: (image) => now.activations(image),
    unit: (question) => now.unit(question),
    loss: (question) => now.loss(question),
  };
}
