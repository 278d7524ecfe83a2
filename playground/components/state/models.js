// The models that there are: the shipped ones, then those that were trained in this browser.

import { PACKED, ask, pack } from "../engine/wire.js";
import { knownOwner, opened } from "./memory.js";
import { signal, watch } from "./signals.js";

/**
 * @typedef {{
 *   name: string, label: string, sentence: string, colour: string, mark: string, hollow: boolean, code: number,
 *   samples: boolean, classes: number, sparse: boolean, run?: string, version?: string, error?: string, weights?: { layers: any, address: string }, [fact: string]: any,
 * }} Model
 * @typedef {{ models: Model[], classes: string[], noises: { name: string, label: string, meaning: string }[], [fact: string]: any }} About
 * @import { Signal } from "./signals.js"
 */

const AGAIN = 3000; // ms until the page asks again
const UNMEASURED = "What was found out about many digits is not known of a model from a file. Reconstruct, Walk and, with a code of two numbers, Map show it.";

/** @type {Promise<About> | undefined} */
let facts;

// Why the server has not said which models there are, in a sentence; none while all is well.
export const silence = signal("");

// The models and noises of the server. It may take as long as loading them; while the server
// does not answer, the page asks again.
/** @type {() => Promise<About>} */
export function about() {
  facts ??= untilAnswered();
  return facts;
}

/** @type {() => Promise<About>} */
async function untilAnswered() {
  for (;;) {
    try {
      const reply = await fact("about");
      const said = await reply.json();
      silence.value = "";
      return said;
    } catch (error) {
      silence.value = error instanceof Error ? error.message : String(error);
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

// All models, those of runs with the id of their `run`; null until somebody asked and the server said.
/** @type {Signal<Model[] | null>} */
export const known = signal(null);
/** @type {Promise<void> | null} */
let fetching = null;

// Calls back with all models: now, and whenever a run of this browser comes, changes or goes.
// Until `life` is aborted.
/** @type {(callback: (models: Model[]) => unknown, life: AbortSignal) => void} */
export function onModels(callback, life) {
  if (!fetching) refresh();
  watch(() => known.value, (models) => models && callback(models), life);
}

// Facts: what does not depend on the visitor, at addresses that change with what they say.

// The fact called `name`, of `what` it is about. That of a model which may learn more is told at
// the model's own `version`.
/** @type {(name: string, what?: string[], version?: string) => Promise<Response>} */
export function fact(name, what = [], version = ofPage()) {
  return ask(lasting(["facts", version, name, ...what.map(encodeURIComponent)].join("/")));
}

const ofPage = () => named("facts") ?? "";

/** @type {(name: string) => string | null} */
function named(name) {
  const found = /** @type {HTMLMetaElement | null} */ (globalThis.document?.querySelector(`meta[name=${name}]`) ?? null);
  return found && found.content;
}

// A static site has no server behind it.

// The command that starts the app, which has one; null where there is one.
export const startsBy = () => named("app");

/** @type {() => boolean} */
export const served = () => startsBy() === null;

// The address of what does not change; see `bodyOf`.
/** @type {(path: string) => string} */
export const lasting = (path) => (served() ? path : path + PACKED);

// The model called so, if the visitor brought it as a file.
/** @type {(name: string) => Model | undefined} */
export const fromFile = (name) => known.value?.find((each) => each.weights && each.name === name);

// The fact called `name` of a model, or of what is no model; `more` is what else it is about.
/** @type {(name: string, model: string, ...more: string[]) => Promise<Response>} */
export function factOf(name, model, ...more) {
  const own = known.value?.find((each) => each.version && each.name === model);
  if (fromFile(model)) return Promise.reject(new Error(UNMEASURED));
  return fact(name, [model, ...more], own?.version);
}

function refresh() {
  fetching = (fetching ?? Promise.resolve()).then(async () => {
    const [{ models }, own] = await Promise.all([about(), ownModels()]);
    const found = [...models, ...own, ...fromFiles];
    if (JSON.stringify(found) !== JSON.stringify(known.value)) known.value = found;
  });
}

/** @type {() => Promise<Model[]>} */
async function ownModels() {
  const owner = knownOwner();
  if (!owner || !served()) return [];
  try {
    const reply = await ask("live/about-runs", pack({ owner, opened: opened() }, new Uint8Array()));
    return (await reply.json()).models;
  } catch {
    // The shipped models are there all the same; the next change of a run asks again.
    return known.value?.filter(({ run }) => run) ?? [];
  }
}

/** @type {Model[]} */
let fromFiles = [];

// A model that the visitor brought as a file, in the place of another one of its name.
/** @type {(model: Model) => Promise<void>} */
export async function addModel(model) {
  fromFiles = [...fromFiles.filter(({ name }) => name !== model.name), model];
  refresh();
  await fetching;
}

// A run of this browser came, changed or went.
export function runsChanged() {
  if (fetching) refresh();
}
