// The input that all parts of the page share: the drawing, and its noise.

import { pack, unpack } from "../engine/bytes.js";
import { newSeed } from "../engine/random.js";
import { ask } from "../engine/wire.js";
import { Listeners } from "./listeners.js";
import { about } from "./models.js";

/**
 * @typedef {{ width: number, height: number, bytes: Uint8Array<ArrayBuffer> }} Ink
 * @typedef {{ kind: string, strength: number, seed: number }} Noise
 * @typedef {{ ink: Ink | null, drawing: boolean, noise: Noise }} Input
 * @typedef {{ side: number, clean: Uint8Array<ArrayBuffer>, noisy: Uint8Array<ArrayBuffer> }} Digit
 * @typedef {{ label: number, side: number, grey: Uint8Array<ArrayBuffer> }} Example
 * @import { Message } from "../engine/bytes.js"
 */

/** @type {Listeners<[input: Input, changes: Partial<Input>]>} */
const listeners = new Listeners();

/** @type {Input} */
const state = {
  ink: null, // the crop with all the ink, or null while the canvas is empty
  drawing: false, // whether the pen is down
  noise: { kind: "gaussian", strength: 0, seed: 1 },
};

export const input = state;

// Changes part of the input and tells everyone who listens.
/** @type {(changes: Partial<Input>) => void} */
export function update(changes) {
  Object.assign(state, changes);
  listeners.tell(state, changes);
}

// Calls back at every change of the input, until `signal` is aborted.
/** @type {(callback: (input: Input, changes: Partial<Input>) => unknown, signal: AbortSignal) => void} */
export function listen(callback, signal) {
  listeners.add(callback, signal);
}

// Digits as the models see them, 28x28 grey bytes: the drawing on the canvas, and the examples.

/** @type {{ ink: Ink | null, noise: Noise | null, digit: Promise<Digit> | null }} */
let drawn = { ink: null, noise: null, digit: null };

// The drawing as it is now, clean and with its noise; null while the canvas is empty. However
// many parts of the page ask for the same drawing, the server is asked once.
/** @type {() => Promise<Digit> | null} */
export function drawnDigit() {
  const { ink, noise } = input;
  if (ink !== drawn.ink || noise !== drawn.noise) {
    const digit = ink ? fetchDrawn(ink, noise) : null;
    const asked = { ink, noise, digit };
    drawn = asked;
    digit?.catch(() => drawn === asked && (drawn = { ink: null, noise: null, digit: null }));
  }
  return drawn.digit;
}

/** @type {(ink: Ink, noise: Noise) => Promise<Digit>} */
async function fetchDrawn({ width, height, bytes: ink }, noise) {
  const header = { models: [], noise, sample: null, width, height };
  const reply = await ask("live/reconstruct", pack(header, ink));
  const { header: { side }, bytes } = unpack(await reply.arrayBuffer());
  return { side, clean: bytes(side * side), noisy: bytes(side * side) };
}

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
  const reply = await ask("live/examples");
  const { header: { side, labels }, bytes } = unpack(await reply.arrayBuffer());
  return labels.map((/** @type {number} */ label) => ({ label, side, grey: bytes(side * side) }));
}

// The reply of a live route to the drawing as it is, taken apart; null while the canvas is empty.
// The request carries the ink, and its size beside the values of `header`.
/** @type {(route: string, header: object, asker: string, signal?: AbortSignal) => Promise<Message | null>} */
export async function askOfDrawing(route, header, asker, signal) {
  if (!input.ink) return null;
  const { width, height, bytes } = input.ink;
  const reply = await ask(`live/${route}`, pack({ ...header, width, height }, bytes), { asker, signal });
  return unpack(await reply.arrayBuffer());
}

// What `models` make of the drawing with its noise, as in live/reconstruct: null, or the header, the
// `clean` and the `noisy` digit, and a `picture` for each model.
/** @type {(models: string[], asker: string, signal?: AbortSignal) => Promise<{ header: any, clean: Uint8Array<ArrayBuffer>, noisy: Uint8Array<ArrayBuffer>, pictures: Uint8Array<ArrayBuffer>[] } | null>} */
export async function reconstructions(models, asker, signal) {
  const reply = await askOfDrawing("reconstruct", { models, noise: input.noise, sample: null }, asker, signal);
  if (!reply) return null;
  const { header, bytes } = reply;
  const picture = () => bytes(header.side ** 2);
  return { header, clean: picture(), noisy: picture(), pictures: models.map(picture) };
}
