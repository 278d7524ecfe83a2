// The store: the input that all parts of the page share, and what follows from it, one from the
// other: the drawing, the digit that it stands for, that digit with noise, what the models make of it.

import { bundled } from "../engine/models/model.js";
import { toDigit } from "../engine/data/digit.js";
import { spoilt, viewOf } from "../engine/evaluation/reconstruction.js";
import { Busy, Gone, newest, pause, whenBack } from "../engine/wire.js";
import { coder } from "./coders.js";
import { known } from "./models.js";
import { batch, computed, signal, watch } from "./signals.js";

/**
 * @typedef {{ width: number, height: number, bytes: Uint8Array<ArrayBuffer> }} Ink
 * @typedef {{ kind: string, strength: number, seed: number }} Noise
 * @typedef {{ side: number, clean: Uint8Array<ArrayBuffer>, noisy: Uint8Array<ArrayBuffer> }} Digit
 * @typedef {import("../engine/evaluation/reconstruction.js").View & { name: string, side: number, clean: Uint8Array, noisy: Uint8Array }} View
 * @typedef {{ clean: Uint8Array<ArrayBuffer>, seen: ReturnType<typeof spoilt>, sample: number | null, known: unknown, sent: number }} Question
 * @import { Signal } from "./signals.js"
 */

export const SIDE = 28;
const FOREVER = new AbortController().signal;

export const input = {
  /** @type {Signal<Ink | null>} */
  ink: signal(null), // the crop with all the ink, or null while the canvas is empty
  drawing: signal(false), // whether the pen is down
  opening: signal(false), // whether the page is still drawing by itself
  /** @type {Signal<Noise>} */
  noise: signal({ kind: "gaussian", strength: 0, seed: 1 }),
  /** @type {Signal<number | null>} */
  sample: signal(null), // the seed of codes that variational models sample; null for their means
};

// The drawing as the models are to draw it, 28x28 grey bytes; null while there is none.
/** @type {Signal<Uint8Array<ArrayBuffer> | null>} */
export const digit = computed(() => input.ink.value && toDigit(input.ink.value));

// The same with its noise, as they see it, and how far that is from the digit.
/** @type {Signal<ReturnType<typeof spoilt> | null>} */
export const noisyDigit = computed(() => digit.value && spoilt(digit.value, input.noise.value));

// What is asked for: the views of the models that somebody wants to show.

/** @type {Signal<Map<object, string[]>>} */
const wishes = signal(new Map()); // who wants something -> the models whose views it wants

// From now on `asker` wants the views of these models; null for none any more.
/** @type {(asker: object, models: string[] | null) => void} */
export function want(asker, models) {
  if (String(wishes.peek().get(asker)) === String(models ?? undefined)) return;
  const next = new Map(wishes.peek());
  if (models) next.set(asker, models);
  else next.delete(asker);
  batch(() => {
    wishes.value = next;
    if (models) failed.value = new Map(); // who comes later may try again
  });
}

const wanted = computed(() => [...new Set([...wishes.value.values()].flat())].join());

/** @type {Signal<Question | null>} */
const question = computed(() => {
  const [clean, seen] = [digit.value, noisyDigit.value];
  return clean && seen && { clean, seen, sample: input.sample.value, known: known.value, sent: performance.now() };
});

/** @type {Signal<Map<string, { question: Question, view: View }>>} */
const answers = signal(new Map()); // by model, the latest
/** @type {Signal<Map<string, { question: Question, sentence: string }>>} */
const failed = signal(new Map()); // by model: the question that had no answer, and why

/** @type {(name: string, now: Question | null) => boolean} */
const isDone = (name, now) => answers.value.get(name)?.question === now || failed.value.get(name)?.question === now;

// Whether an answer to what is wanted is still to come.
export const pending = computed(() => {
  const now = question.value;
  return now !== null && wanted.value.split(",").some((name) => name && !isDone(name, now));
});

// Why there is no answer, in a sentence; none while all is well.
export const trouble = computed(() => {
  const now = question.value;
  return [...failed.value.values()].find((each) => each.question === now)?.sentence ?? "";
});

// What each model made of it, by its name.
/** @type {Signal<Map<string, View>>} */
export const views = computed(() => new Map(
  question.value ? [...answers.value].map(([name, { view }]) => [name, view]) : [],
));

// When what all the wanted models have answered was asked, in ms of the page: a pen that moves on
// may have asked for more since. -Infinity while there is no such time.
export const asked = computed(() => {
  const names = wanted.value.split(",").filter(Boolean);
  if (!question.value || !names.length) return -Infinity;
  const latest = (/** @type {string} */ name) => [answers, failed].map(({ value }) => value.get(name)?.question.sent ?? -Infinity);
  return Math.min(...names.map((name) => Math.max(...latest(name))));
});

/** @type {Map<string, () => void>} */
const asking = new Map(); // by model: asks it, the newest question wins

/** @type {(name: string) => () => void} */
function askModel(name) {
  const asks = asking.get(name) ?? newest(() => answer(name), () => {});
  asking.set(name, asks);
  return asks;
}

// What comes together is published together, so that it is painted in one go.
const come = bundled((/** @type {[string, { question: Question, view: View }][]} */ all) => {
  answers.value = new Map([...answers.peek(), ...all]);
});

/** @type {(name: string) => Promise<void>} */
async function answer(name) {
  const now = question.peek();
  if (!now || isDone(name, now)) return;
  try {
    const { clean, seen: { picture: noisy }, sample } = now;
    const view = await viewOf(coder(name), now.seen, sample);
    come([name, { question: now, view: { ...view, name, side: SIDE, clean, noisy } }]);
  } catch (error) {
    if (error instanceof Busy) {
      await pause(error);
      askModel(name)(); // with what is drawn by then
    } else if (error instanceof Gone) {
      whenBack().then(askModel(name)); // the page has said so
    } else {
      const sentence = error instanceof Error ? error.message : String(error);
      failed.value = new Map(failed.peek()).set(name, { question: now, sentence });
    }
  }
}

// At once: what a pen moves comes once a frame, and every frame that passes would be seen.
watch(() => [question.value, wanted.value, failed.value], ([now, names]) => {
  if (now === null) answers.value = new Map();
  else for (const name of String(names).split(",")) if (name) askModel(name)();
}, FOREVER);

// The drawing as it is now, clean and with its noise; null while the canvas is empty.
/** @type {() => Promise<Digit | null>} */
export async function drawnDigit() {
  const [clean, noisy] = [digit.value, noisyDigit.value];
  return clean && noisy && { side: SIDE, clean, noisy: noisy.picture };
}

// What `models` make of the drawing with its noise: null while there is none.
/** @type {(models: string[]) => Promise<View[] | null>} */
export async function reconstructions(models) {
  const [clean, seen] = [digit.value, noisyDigit.value];
  if (!clean || !seen) return null;
  const made = await Promise.all(models.map((name) => viewOf(coder(name), seen)));
  return made.map((view, i) => ({ ...view, name: models[i], side: SIDE, clean, noisy: seen.picture }));
}
