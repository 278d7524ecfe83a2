// The store: the input that all parts of the page share, and what follows from it, one from the
// other: the drawing, the digit that it stands for, that digit with noise, what the models make of it.

import { pack, unpack } from "../engine/bytes.js";
import { readViews } from "../engine/replies.js";
import { Busy, ask, newest, pause } from "../engine/wire.js";
import { known } from "./models.js";
import { batch, computed, onFrame, signal, watch } from "./signals.js";

/**
 * @typedef {{ width: number, height: number, bytes: Uint8Array<ArrayBuffer> }} Ink
 * @typedef {{ kind: string, strength: number, seed: number }} Noise
 * @typedef {{ side: number, clean: Uint8Array<ArrayBuffer>, noisy: Uint8Array<ArrayBuffer> }} Digit
 * @typedef {{ models: string[], ink: Ink, noise: Noise, sample: number | null, known: unknown }} Request
 * @typedef {ReturnType<typeof readViews> & { request: Request, sent: number }} Answer
 * @import { Message } from "../engine/bytes.js"
 * @import { View } from "../engine/replies.js"
 * @import { Signal } from "./signals.js"
 */

const FOREVER = new AbortController().signal;

export const input = {
  /** @type {Signal<Ink | null>} */
  ink: signal(null), // the crop with all the ink, or null while the canvas is empty
  drawing: signal(false), // whether the pen is down
  /** @type {Signal<Noise>} */
  noise: signal({ kind: "gaussian", strength: 0, seed: 1 }),
  /** @type {Signal<number | null>} */
  sample: signal(null), // the seed of codes that variational models sample; null for their means
};

// What is asked for: the digit, and the views of the models that somebody wants to show.

/** @type {Signal<Map<object, string[]>>} */
const wishes = signal(new Map()); // who wants something -> the models whose views it wants

// From now on `asker` wants the digit, and the views of these models; null for nothing any more.
/** @type {(asker: object, models: string[] | null) => void} */
export function want(asker, models) {
  if (String(wishes.peek().get(asker)) === String(models ?? undefined)) return;
  const next = new Map(wishes.peek());
  if (models) next.set(asker, models);
  else next.delete(asker);
  batch(() => {
    wishes.value = next;
    if (models) failed.value = null; // who comes later may try again
  });
}

const wanted = computed(() => (wishes.value.size ? [...new Set([...wishes.value.values()].flat())].join() : null));

/** @type {Signal<Request | null>} */
const request = computed(() => {
  const [ink, names] = [input.ink.value, wanted.value];
  if (!ink || names === null) return null;
  return { models: names.split(",").filter(Boolean), ink, noise: input.noise.value, sample: input.sample.value, known: known.value };
});

/** @type {Signal<Answer | null>} */
const answer = signal(null); // the latest
/** @type {Signal<{ request: Request, sentence: string } | null>} */
const failed = signal(null); // the request that had no answer, and why

/** @type {(reply: Answer | null, asked: Request) => boolean} */
function answers(reply, asked) {
  if (!reply) return false;
  const { request: had } = reply;
  return had.ink === asked.ink && had.noise === asked.noise && had.sample === asked.sample && had.known === asked.known
    && asked.models.every((name) => had.models.includes(name));
}

// Whether an answer to what is wanted is still to come.
export const pending = computed(() => {
  const asked = request.value;
  return asked !== null && !answers(answer.value, asked) && failed.value?.request !== asked;
});

// Why there is no answer, in a sentence; none while all is well.
export const trouble = computed(() => failed.value?.sentence ?? "");

const seen = computed(() => (input.ink.value ? answer.value : null));

// The drawing as the models are to draw it, 28x28 grey bytes, by the latest answer; null while there is none.
export const digit = computed(() => seen.value?.clean ?? null);

// The same with its noise, as they see it, and how far that is from the digit.
export const noisyDigit = computed(() => seen.value?.noisy ?? null);

// What each model made of it, by its name.
/** @type {Signal<Map<string, View>>} */
export const views = computed(() => new Map(seen.value?.views.map((view) => [view.name, view])));

// When the latest answer was asked for, in ms of the page.
export const asked = computed(() => seen.value?.sent ?? null);

const refresh = newest(async (flight) => {
  if (!input.ink.peek()) answer.value = null;
  const now = request.peek();
  if (!now || !pending.peek()) return;
  const { ink: { width, height, bytes }, models, noise, sample } = now;
  try {
    const sent = performance.now();
    const reply = await ask("live/reconstruct", pack({ models, noise, sample, width, height }, bytes), { asker: "cards", signal: flight });
    const found = readViews(await reply.arrayBuffer());
    batch(() => {
      answer.value = { ...found, request: now, sent };
      failed.value = null;
    });
  } catch (error) {
    if (flight.aborted) return; // a newer one follows
    if (error instanceof Busy) {
      await pause(error);
      refresh(); // with what is drawn by then
    } else failed.value = { request: now, sentence: error instanceof Error ? error.message : String(error) };
  }
}, () => {});

onFrame(() => [input.ink.value, pending.value, request.value], refresh, FOREVER);

// The drawing as it is now, clean and with its noise; null while the canvas is empty.
/** @type {() => Promise<Digit | null>} */
export async function drawnDigit() {
  const asker = {};
  want(asker, []);
  try {
    await settled();
    if (!input.ink.value) return null;
    if (failed.value || !answer.value) throw new Error(trouble.value);
    const { side, clean, noisy } = answer.value;
    return { side, clean, noisy: noisy.picture };
  } finally {
    want(asker, null);
  }
}

/** @type {() => Promise<void>} */
function settled() {
  const life = new AbortController();
  return new Promise((resolve) => {
    watch(() => pending.value, (still) => {
      if (still) return;
      resolve();
      life.abort();
    }, life.signal);
  });
}

// The reply of a live route to the drawing as it is, taken apart; null while the canvas is empty.
// The request carries the ink, and its size beside the values of `header`.
/** @type {(route: string, header: object, asker: string, life?: AbortSignal) => Promise<Message | null>} */
export async function askOfDrawing(route, header, asker, life) {
  if (!input.ink.value) return null;
  const { width, height, bytes } = input.ink.value;
  const reply = await ask(`live/${route}`, pack({ ...header, width, height }, bytes), { asker, signal: life });
  return unpack(await reply.arrayBuffer());
}

// What `models` make of the drawing with its noise, as in live/reconstruct: null, or the header, the
// `clean` and the `noisy` digit, and a `picture` for each model.
/** @type {(models: string[], asker: string, life?: AbortSignal) => Promise<{ header: any, clean: Uint8Array<ArrayBuffer>, noisy: Uint8Array<ArrayBuffer>, pictures: Uint8Array<ArrayBuffer>[] } | null>} */
export async function reconstructions(models, asker, life) {
  const reply = await askOfDrawing("reconstruct", { models, noise: input.noise.value, sample: null }, asker, life);
  if (!reply) return null;
  const { header, bytes } = reply;
  const picture = () => bytes(header.side ** 2);
  return { header, clean: picture(), noisy: picture(), pictures: models.map(picture) };
}
