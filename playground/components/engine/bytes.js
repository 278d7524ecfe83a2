// Bytes as messages and as text: a JSON header and then raw bytes, as in wire.py, and the few
// characters that an address may hold.

/** @type {(header: object, body: Uint8Array) => Uint8Array<ArrayBuffer>} */
export function pack(header, body) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(4 + text.length + body.length);
  new DataView(message.buffer).setUint32(0, text.length, true);
  message.set(text, 4);
  message.set(body, 4 + text.length);
  return message;
}

/**
 * @typedef {{
 *   header: any,
 *   bytes: (count: number) => Uint8Array<ArrayBuffer>,
 *   floats: (count: number) => Float32Array<ArrayBuffer>,
 * }} Message
 */

// The header of a reply, and a reader that takes its body apart from front to back.
/** @type {(buffer: ArrayBuffer) => Message} */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  // A copy, because floats need alignment.
  const take = (/** @type {number} */ count) => buffer.slice(at, (at += count));
  return {
    header,
    bytes: (count) => new Uint8Array(take(count)),
    floats: (count) => new Float32Array(take(4 * count)),
  };
}

/** @type {(bytes: Uint8Array) => string} */
export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

// Bytes as the few characters that an address may hold, and back.

// The first character says whether the bytes are deflated or raw, whichever is shorter.
/** @type {(bytes: Uint8Array<ArrayBuffer>) => Promise<string>} */
export async function toText(bytes) {
  const small = await through(bytes, new CompressionStream("deflate-raw"), Infinity);
  const [kind, body] = small.length < bytes.length ? ["z", small] : ["r", bytes];
  return kind + toBase64(body).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The bytes of a text, at most `most` of them; an Error if it is damaged.
/** @type {(text: string, most: number) => Promise<Uint8Array<ArrayBuffer>>} */
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
/** @type {(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number) => Promise<Uint8Array<ArrayBuffer>>} */
async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
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
