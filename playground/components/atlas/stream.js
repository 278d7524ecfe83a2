// A run of t-SNE on the server, as it goes: messages one after another, each after its length.

import { pack, unpack } from "../engine/wire.js";

const GONE = "The server does not answer. It may have been stopped, or be very busy.";

// Starts a run and hears its messages until it is done. Throws an Error that can be shown to
// people; nothing if `signal` ended it.
export async function follow(header, signal, hear) {
  try {
    const body = pack(header, new Uint8Array());
    const response = await fetch(new URL("live/tsne", document.baseURI), { method: "POST", body, signal });
    if (!response.ok) throw new Error(await refusal(response));
    await readAll(response.body.getReader(), hear);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof TypeError ? new Error(GONE, { cause: error }) : error;
  }
}

async function readAll(reader, hear) {
  let held = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    held = takeWhole(joined, hear);
  }
}

// Hears every message that has come in whole; gives back the rest.
function takeWhole(bytes, hear) {
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = new DataView(bytes.buffer, at).getUint32(0, true);
    if (at + 4 + length > bytes.length) break;
    const message = unpack(bytes.buffer.slice(at + 4, at + 4 + length));
    if (message.header.error) throw new Error(message.header.error);
    hear(message);
    at += 4 + length;
  }
  return bytes.slice(at);
}

async function refusal(response) {
  const sentence = await response.json().then((reply) => reply.error).catch(() => null);
  return sentence ?? `The server could not answer (code ${response.status}). Try again in a moment.`;
}
