// The models that there are: the shipped ones, then those that were trained in this browser.

import { pack } from "../engine/bytes.js";
import { ask } from "../engine/wire.js";
import { Listeners } from "./listeners.js";
import { knownOwner, opened } from "./memory.js";

/**
 * @typedef {{
 *   name: string, label: string, sentence: string, colour: string, mark: string, hollow: boolean, code: number,
 *   samples: boolean, sparse: boolean, run?: string, version?: string, error?: string, [fact: string]: any,
 * }} Model
 * @typedef {{ models: Model[], classes: string[], noises: { name: string, label: string, meaning: string }[], [fact: string]: any }} About
 */

const AGAIN = 3000; // ms until the page asks again

/** @type {Promise<About> | undefined} */
let facts;

/** @type {Listeners<[sentence: string]>} */
const troubled = new Listeners();

// Calls back with a sentence whenever the server did not say which models there are.
/** @type {(callback: (sentence: string) => unknown, signal: AbortSignal) => void} */
export function onTrouble(callback, signal) {
  troubled.add(callback, signal);
}

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
      const reply = await ask("live/about");
      return await reply.json();
    } catch (error) {
      troubled.tell(error instanceof Error ? error.message : String(error));
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

/** @type {Listeners<[models: Model[]]>} */
const listeners = new Listeners();
/** @type {Model[] | null} */
let shown = null;
let fetching = Promise.resolve();

// Calls back with all models: now, and whenever a run of this browser comes, changes or goes.
// Those of runs have the id of their `run`. Until `signal` is aborted.
/** @type {(callback: (models: Model[]) => unknown, signal: AbortSignal) => void} */
export function onModels(callback, signal) {
  listeners.add(callback, signal);
  if (shown) callback(shown);
  else if (listeners.size === 1) refresh();
}

function refresh() {
  fetching = fetching.then(async () => {
    const [{ models }, own] = await Promise.all([about(), ownModels()]);
    const found = [...models, ...own];
    if (JSON.stringify(found) === JSON.stringify(shown)) return;
    shown = found;
    listeners.tell(shown);
  });
}

/** @type {() => Promise<Model[]>} */
async function ownModels() {
  const owner = knownOwner();
  if (!owner) return [];
  try {
    const reply = await ask("live/about-runs", pack({ owner, opened: opened() }, new Uint8Array()));
    return (await reply.json()).models;
  } catch {
    // The shipped models are there all the same; the next change of a run asks again.
    return shown?.filter(({ run }) => run) ?? [];
  }
}

// A run of this browser came, changed or went.
export function runsChanged() {
  if (listeners.size) refresh();
}
