// Bytes as the few characters that an address may hold, and back.

import { toBase64 } from "./wire.js";

// The first character says whether the bytes are deflated or raw, whichever is shorter.
export async function toText(bytes) {
  const small = await through(bytes, new CompressionStream("deflate-raw"), Infinity);
  const [kind, body] = small.length < bytes.length ? ["z", small] : ["r", bytes];
  return kind + toBase64(body).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The bytes of a text, at most `most` of them; an Error if it is damaged.
export async function toBytes(text, most) {
  const kind = text[0];
  if (kind !== "z" && kind !== "r") throw new Error("This is neither deflated nor raw.");
  const body = atob(text.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0));
  if (kind === "z") return through(bytes, new DecompressionStream("deflate-raw"), most);
  if (bytes.length > most) throw new Error("There is too much of it.");
  return bytes;
}

// A few bytes can stand for gigabytes, so what comes out is counted.
async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("There is too much of it.");
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
