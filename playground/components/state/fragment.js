// What a link says: the part of an address after "#". Anybody may have written it, so every value
// is checked when it is read. What cannot be used becomes a complaint, and nothing else.

const LONGEST = 24_000; // characters that are read
const SHOWN = 32; // characters of a link's own words that a complaint repeats

/** @typedef {{ [name: string]: string | number | null | undefined }} Values */

// Values by name as a fragment; those that are null are left out.
/** @type {(values: Values) => string} */
export function written(values) {
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll("%2C", ",")}`)
    .join("&");
}

// A number with as many digits as a place needs.
/** @type {(value: number) => string} */
export function rounded(value) {
  return String(Number(value.toPrecision(6)));
}

export class Fragment {
  /** @param {string} text */
  constructor(text, longest = LONGEST) {
    const fragment = text.replace(/^#/, "");
    /** @type {string[]} */
    this.complaints = [];
    this.values = new Map(new URLSearchParams(fragment.slice(0, longest)));
    this.unread = new Set(this.values.keys());
    if (fragment.length > longest) this.wrong(`The link is longer than ${longest} characters, and its end was not read.`);
  }

  // Adds a complaint; null, so that a reader can end with it.
  /** @param {string} sentence */
  wrong(sentence) {
    this.complaints.push(sentence);
    return null;
  }

  /** @param {string} name */
  has(name) {
    return this.values.has(name);
  }

  // Each reader gives null if the link does not say it, or says it wrong.

  /** @param {string} name */
  text(name) {
    this.unread.delete(name);
    return this.values.get(name) ?? null;
  }

  /**
   * @param {string} name
   * @param {string[]} known
   */
  choice(name, known) {
    const text = this.text(name);
    if (text === null || known.includes(text)) return text;
    return this.wrong(`${name} cannot be ${quoted(text)}.`);
  }

  /**
   * @param {string} name
   * @param {number} low
   * @param {number} high
   */
  number(name, low, high, whole = false) {
    return this.numbers(name, 1, low, high, whole)?.[0] ?? null;
  }

  // `count` numbers with commas between them.
  /**
   * @param {string} name
   * @param {number} count
   * @param {number} low
   * @param {number} high
   */
  numbers(name, count, low, high, whole = false) {
    const text = this.text(name);
    if (text === null) return null;
    const values = text.split(",", count + 1).map((word) => (word.trim() ? Number(word) : NaN));
    const fits = (/** @type {number} */ value) => value >= low && value <= high && (!whole || Number.isInteger(value));
    if (values.length === count && values.every(fits)) return values;
    const one = count === 1 ? "a number" : `${count} numbers`;
    return this.wrong(`${name} should be ${whole ? one.replace("number", "whole number") : one} from ${low} to ${high}, not ${quoted(text)}.`);
  }

  // Names with commas between them, at most `most`; those that are not known are named.
  /**
   * @param {string} name
   * @param {string[]} known
   */
  names(name, known, most = known.length) {
    const text = this.text(name);
    if (text === null) return null;
    const asked = text.split(",").filter(Boolean);
    const found = asked.filter((each) => known.includes(each));
    const missing = asked.filter((each) => !known.includes(each));
    if (missing.length) this.wrong(`Not found here: ${missing.slice(0, 3).map(quoted).join(", ")}${missing.length > 3 ? " and others" : ""}.`);
    if (found.length > most) this.wrong(`${name} can be ${most} at most.`);
    return found.length || !asked.length ? found.slice(0, most) : null;
  }

  // Complains of what nobody has read.
  rest() {
    const [first] = this.unread;
    if (first !== undefined) this.wrong(`The page does not know what ${quoted(first)} means in a link.`);
    this.unread.clear();
  }
}

/** @type {(text: string) => string} */
function quoted(text) {
  return `“${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}”`;
}

// Bytes as the few characters that an address may hold, and back.

/** @type {(bytes: Uint8Array) => string} */
export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

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
