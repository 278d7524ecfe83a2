// The models as they answer: in the page once their weights are there, on the server until then.

import { awaited, firstThere, localClassifier, localModel, remoteModel } from "../engine/models/model.js";
import { toFloats } from "../engine/numbers/float32.js";
import { ask, quiet, wasAway } from "../engine/wire.js";
import { known, lasting, served } from "./models.js";
import { signal } from "./signals.js";

/**
 * @typedef {import("../engine/models/model.js").Model} Model
 * @typedef {Model & { ready: Promise<boolean> }} Answering
 * @typedef {{ name: string, address: string, bytes: number }} Weights
 * @typedef {import("./signals.js").Signal<Map<string, number>>} Shares
 */

const CLASSIFIER = "classifier";
const RUN = "run:";
export const FROM_FILE = "file:"; // before the names of models that the visitor brings
const EXPERIMENT = "experiments/"; // before the names of the Learn tab's models
const INDEX = "weights/index.json.packed"; // all that a static site has

/** @type {Shares} */
export const arriving = signal(new Map()); // by model: how much of its weights is there, until all of it is

/** @type {Map<string, { version: string | undefined, model: Answering }>} */
const coders = new Map();

// The model called `name`, or one of the Learn tab's as "experiments/…". Who asks first has its weights
// fetched, with a low `priority` if nobody waits for them.
/** @type {(name: string, priority?: RequestPriority) => Answering} */
export function coder(name, priority = "auto") {
  const version = known.peek()?.find((each) => each.name === name)?.version;
  const before = coders.get(name);
  if (before?.version === version && before) return before.model;
  const local = here(name, priority);
  const remote = served() && !name.startsWith(FROM_FILE);
  const model = firstThere(remote ? remoteModel(name) : awaited(local), local);
  coders.set(name, { version, model });
  return model;
}

// What the model itself answers with; null where its layers are unknown to the page.
/** @type {(name: string, priority: RequestPriority) => Promise<Model | null>} */
async function here(name, priority) {
  const brought = known.peek()?.find((each) => each.name === name)?.weights;
  if (brought) return localModel(brought);
  const { address } = await weightsOf(name);
  const layers = await layersOf(name);
  if (layers.unknown) return null;
  try {
    return await localModel({ layers, address: lasting(`${address}.safetensors`), priority, progress: (share) => tell(name, share) });
  } catch (error) {
    if (await wasAway()) return await here(name, priority);
    throw error;
  } finally {
    tell(name, null);
  }
}

// The layers of a model that is listed, as `vae_core` describes them; "unknown" where it cannot.
/** @type {(name: string) => Promise<any>} */
export async function layersOf(name) {
  const { address } = await weightsOf(name);
  return (await ask(lasting(`${address}.json`))).json();
}

/** @type {(name: string, share: number | null) => void} */
function tell(name, share) {
  const next = new Map(arriving.peek());
  if (share === null) next.delete(name);
  else next.set(name, share);
  arriving.value = next;
}

/** @type {Promise<Weights[]> | undefined} */
let shipped;

// Where the weights of a model are, and how large. Those of runs change, so they are asked for each time.
/** @type {(name: string) => Promise<Weights>} */
async function weightsOf(name) {
  const kept = !served() || (!name.startsWith(RUN) && !name.startsWith(EXPERIMENT));
  const listed = kept ? (shipped ??= listing(served() ? "weights" : INDEX).catch(forget)) : listing(`weights?name=${encodeURIComponent(name)}`);
  const found = (await listed).find((each) => each.name === name);
  if (!found) throw new Error(`There are no weights of “${name}”.`);
  return found;
}

/** @type {(path: string) => Promise<Weights[]>} */
const listing = async (path) => (await (await ask(path)).json()).models;

/** @type {(error: unknown) => never} */
function forget(error) {
  shipped = undefined; // the next one who asks tries again
  throw error;
}

// Fetches the weights of models before they are wanted, the small ones first, one after the other and
// only while nothing else is being asked, unless the browser asks to save data.
/** @type {(names: string[]) => Promise<void>} */
export async function fetchAhead(names) {
  const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (navigator);
  if (connection?.saveData) return;
  const found = await Promise.all(names.map(weightsOf));
  found.sort((one, other) => one.bytes - other.bytes);
  for (const { name } of found) {
    await quiet();
    await coder(name, "low").ready;
  }
}

/** @typedef {Awaited<ReturnType<typeof localClassifier>>} Judge */
/** @type {Promise<Judge> | undefined} */
let judging;

// Asks the digit classifier `question`; null where there is none: the pictures are of more use than
// what is said of them.
/** @type {(question: (judge: Judge) => Promise<Float32Array>) => Promise<Float32Array | null>} */
async function asked(question) {
  judging ??= judge();
  let found;
  try {
    found = await judging;
  } catch {
    judging = undefined;
    return null;
  }
  return question(found);
}

// How likely the digit classifier holds each class for a picture of bytes; null where there is none.
/** @type {(picture: Uint8Array) => Promise<Float32Array | null>} */
export const chancesOf = (picture) => asked(({ classify }) => classify(toFloats(picture), 1)).catch(() => null);

// What the digit classifier sees of pictures of bytes before it names them, the features of a picture
// side by side; null where there is none.
/** @type {(pictures: Uint8Array[]) => Promise<Float32Array | null>} */
export const featuresOf = (pictures) => asked(({ features }) => features(imagesOf(pictures), pictures.length));

// What the digit classifier takes pictures of bytes for, and how sure it is of each; null where there is none.
/** @type {(pictures: Uint8Array[]) => Promise<{ classes: Uint8Array, chances: Float32Array } | null>} */
export async function classified(pictures) {
  const all = await asked(({ classify }) => classify(imagesOf(pictures), pictures.length));
  if (!all) return null;
  const each = all.length / pictures.length;
  const classes = Uint8Array.from(pictures, (_, i) => {
    const row = all.subarray(i * each, (i + 1) * each);
    return row.indexOf(Math.max(...row));
  });
  return { classes, chances: Float32Array.from(classes, (digit, i) => all[i * each + digit]) };
}

/** @type {(pictures: Uint8Array[]) => Float32Array<ArrayBuffer>} */
function imagesOf(pictures) {
  const size = pictures[0]?.length ?? 0;
  const images = new Float32Array(pictures.length * size);
  pictures.forEach((picture, i) => images.set(toFloats(picture), i * size));
  return images;
}

async function judge() {
  const { address } = await weightsOf(CLASSIFIER);
  const layers = await (await ask(lasting(`${address}.json`))).json();
  return localClassifier({ layers, address: lasting(`${address}.safetensors`) });
}
