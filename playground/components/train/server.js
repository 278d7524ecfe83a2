// What the Train tab asks of the server. Every request says whose runs it is about.

import { ask, pack, unpack } from "../engine/wire.js";
import { owner } from "../state/memory.js";

const NOTHING = new Uint8Array();
const PATIENCE = 15 * 60_000; // ms that a large folder may take to be read
export const ALL_SEEN = Number.MAX_SAFE_INTEGER; // of the versions of pictures: newer than any
const SIZES = { uint8: 1, float32: 4, int64: 8 };

export async function call(route, header, body = NOTHING) {
  const reply = await ask(`live/${route}`, pack({ owner: owner(), ...header }, body));
  return reply.json();
}

export async function options() {
  const reply = await ask("live/train-options");
  return reply.json();
}

// What is new of a run: its status, lines of metrics, and pictures by name if there are newer ones.
export async function news(asked) {
  const reply = await ask("live/train-watch", pack({ owner: owner(), ...asked }, NOTHING));
  const { header, bytes } = unpack(await reply.arrayBuffer());
  const pictures = {};
  for (const [name, [kind, shape]] of Object.entries(header.shapes ?? {})) {
    const count = shape.reduce((product, side) => product * side, 1);
    const raw = bytes(count * SIZES[kind]);
    pictures[name] = { shape, values: readAs(kind, raw) };
  }
  return { ...header, pictures };
}

function readAs(kind, raw) {
  if (kind === "float32") return new Float32Array(raw.buffer);
  if (kind === "int64") return Array.from(new BigInt64Array(raw.buffer), Number);
  return raw;
}

export async function weights(id) {
  const reply = await ask("live/train-file", pack({ owner: owner(), id }, NOTHING));
  return reply.arrayBuffer();
}

export async function script() {
  const reply = await ask("live/train-script");
  return (await reply.json()).script;
}

// The first of the pictures that a visitor brought, and what is known of them all.
export async function lookAt(dataset) {
  const reply = await ask("live/pictures-look", pack({ owner: owner(), dataset }, NOTHING), { longest: PATIENCE });
  const { header, bytes } = unpack(await reply.arrayBuffer());
  return { ...header, pictures: bytes(header.shown * header.side ** 2) };
}

// Removes pictures that the visitor brought.
export const remove = (dataset) => ask("live/pictures-remove", pack({ owner: owner(), dataset }, NOTHING));

// Sends a large file and gives back what is said of it; `progress` hears which share has arrived.
// There is no limit of time: reading many pictures takes long.
export function send(route, header, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", new URL(`live/${route}`, document.baseURI));
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
    request.addEventListener("error", () => reject(new Error("The file could not be sent. Check the network, and try again.")));
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else reject(new Error(request.response?.error ?? `The server could not read the file (code ${request.status}).`));
    });
    request.send(new Blob([pack({ owner: owner(), ...header }, NOTHING), file]));
  });
}
