// A checkpoint that the visitor brings: its model runs in this page, and its file is sent nowhere.

import { localModel } from "../engine/models/model.js";
import { readHeader } from "../engine/models/safetensors.js";
import { FROM_FILE, layersOf } from "./coders.js";
import { about, addModel } from "./models.js";

/** @import { Model } from "./models.js" */

const KEY = "vae-playground"; // of what `vae_core` writes beside the weights
const LARGEST = 256 * 2 ** 20; // bytes, as in vae_core/training/checkpoints.py
const LONGEST = 60; // letters of a file's name in a sentence
const SIDE = 28;
const PLAIN = { colour: "#8a7665", mark: "M.8 0A.8 .8 0 1 1 -.8 0A.8 .8 0 1 1 .8 0Z", symbol: "circle" };

let brought = 0;

// Adds the model in the file to those of the page, and gives it. Fails with a sentence if it cannot be used.
/** @type {(file: File) => Promise<Model>} */
export async function takeCheckpoint(file) {
  const name = file.name.length > LONGEST ? `${file.name.slice(0, LONGEST - 1)}…` : file.name;
  if (file.size > LARGEST) throw new Error(`“${name}” is too large: a checkpoint has at most ${LARGEST / 2 ** 20} MB.`);
  const content = await file.arrayBuffer();
  const { layers, facts } = await described(name, content);
  const address = URL.createObjectURL(new Blob([content]));
  try {
    const { close } = await localModel({ layers, address });
    close(); // it can be read to its end
  } catch (cause) {
    URL.revokeObjectURL(address);
    throw new Error(`“${name}” is damaged: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const found = { ...facts, version: String(++brought), weights: { layers, address } };
  await addModel(found);
  return found;
}

// What its header says of it, as inference/facts.py tells of the shipped models.
/** @type {(name: string, content: ArrayBuffer) => Promise<{ layers: any, facts: Model }>} */
async function described(name, content) {
  const { entries, said } = headOf(name, content);
  const { recipe, command } = said;
  const { models } = await about();
  const layers = said.layers ?? await layersOfTwin(models, command);
  if (!layers) {
    throw new Error(
      `“${name}” does not say what layers it has: an earlier version wrote it, or it has layers that a page cannot run. `
        + "Load it and save it again with this version of vae_core, or use the app.",
    );
  }
  const sides = [layers.image, layers.drawn].map(String);
  if (sides.some((shape) => shape !== `1,${SIDE},${SIDE}`)) {
    throw new Error(`“${name}” is a model of other pictures, and this page shows grey ones of ${SIDE}x${SIDE}.`);
  }
  const kind = String(recipe?.model?.name);
  const gaussian = "log_var" in layers.encode.outputs;
  const { colour, mark, symbol } = models.find((each) => each.name.replace(/-\d+$/, "") === kind) ?? PLAIN;
  const stem = name.replace(/\.safetensors$/i, "").slice(0, 40);
  const facts = {
    name: FROM_FILE + stem.replace(/[^\w.-]+/g, "-"),
    label: stem,
    sentence: "A model from a file that you brought. It stays in this page.",
    ...{ colour, mark, symbol, hollow: true, dash: "dot" },
    code: layers.latents,
    ratio: SIDE ** 2 / (4 * layers.latents),
    samples: gaussian,
    classes: layers.classes ?? 0,
    ...(gaussian ? { beta: recipe?.config?.beta ?? 1, likelihood: recipe?.config?.likelihood ?? "bernoulli" } : {}),
    sparse: kind === "sparse",
    parameters: Object.values(entries).reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0),
    command: String(command ?? ""),
    source: [],
  };
  return { layers, facts };
}

// Of the model of the page that the same command trained, such as a shipped file that comes back.
/** @type {(models: Model[], command: unknown) => Promise<any>} */
async function layersOfTwin(models, command) {
  const twin = command ? models.find((each) => each.command === command) : undefined;
  const layers = twin && await layersOf(twin.name);
  return layers?.unknown ? undefined : layers;
}

/** @type {(name: string, content: ArrayBuffer) => { entries: Record<string, { shape: number[] }>, said: any }} */
function headOf(name, content) {
  let said;
  let head;
  try {
    head = readHeader(content);
    said = JSON.parse(head.texts[KEY] ?? "null");
  } catch (cause) {
    throw new Error(`“${name}” is no safetensors file, or it is cut short.`, { cause });
  }
  if (!said) throw new Error(`“${name}” is no checkpoint of this project: its header says nothing of a model.`);
  return { entries: head.entries, said };
}
