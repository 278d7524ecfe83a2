// The wire: requests to the server, and messages of a header and bytes.

// Requests: what comes back, or a sentence why not.

const LONGEST = 60_000; // ms that the page waits for a reply
const PATIENCE = 5; // times that it asks again, if the server is busy

// The server's reply to a request, or an Error whose message can be shown to people. A busy server
// is asked again, and one that went away when it is back: for what has a `body` only the visitor may
// ask again, as it may have been heard. `signal` ends it early, with an Error that nobody needs to see.
/** @type {(path: string, body?: BodyInit, how?: { longest?: number, signal?: AbortSignal }) => Promise<Response>} */
export async function ask(path, body, { longest = LONGEST, signal } = {}) {
  if (refusal && path.startsWith(LIVE)) throw new Error(refusal);
  for (let left = PATIENCE; ; left--) {
    try {
      return await attempt(path, body, longest, signal);
    } catch (error) {
      if (error instanceof Gone) {
        const back = whenBack();
        if (body) throw error;
        await Promise.race([back, signal && aborted(signal)].filter(Boolean));
      } else if (error instanceof Busy && left > 0) await pause(error);
      else throw error;
    }
  }
}

// A page without a server: what only a server can do is refused in a sentence. Its files are packed with
// gzip, as not all that show files pack what they send.

const LIVE = "live/";
export const PACKED = ".packed";
let refusal = "";

// What a response brings, unpacked if its address says that it is packed.
/** @type {(response: { url: string, body: Response["body"] }) => ReadableStream<Uint8Array<ArrayBuffer>> | null} */
export function bodyOf({ url, body }) {
  return url.endsWith(PACKED) && body ? body.pipeThrough(new DecompressionStream("gzip")) : body;
}

/** @type {(sentence: string) => void} */
export function withoutServer(sentence) {
  refusal = sentence;
}

/** @type {(path: string, body: BodyInit | undefined, longest: number, signal?: AbortSignal) => Promise<Response>} */
async function attempt(path, body, longest, signal) {
  const end = AbortSignal.timeout(longest);
  /** @type {RequestInit} */
  const options = { signal: signal ? AbortSignal.any([end, signal]) : end };
  if (body) Object.assign(options, { method: "POST", body });
  let response;
  open++;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    if (options.signal?.aborted) throw new Error(SILENT, { cause });
    throw new Gone(SILENT, { cause });
  } finally {
    open--;
    if (!open) idle.forEach((go) => go());
  }
  if (response.ok) {
    tell(false);
    return path.endsWith(PACKED) ? new Response(bodyOf(response)) : response;
  }
  const sentence = await response.json().then((reply) => reply.error).catch(() => null);
  const otherwise = `The server could not answer (code ${response.status}). Try again in a moment.`;
  const refused = refusalIn(response, sentence);
  if (!refused && sentence === null && AWAY.includes(response.status)) throw new Gone(SILENT);
  throw refused ?? new Error(sentence ?? otherwise);
}

// While the server is away, the page asks for it now and then, and says so once.

const SILENT = "The server does not answer. It may have been stopped, or be very busy.";
const AWAY = [502, 503, 504]; // what a proxy says when there is none behind it
const KNOCK = 3000; // ms

// A request that did not reach the server.
export class Gone extends Error {}

/** @type {Promise<void> | null} */
let knocking = null;

// Settles when the server answers again.
/** @type {() => Promise<void>} */
export function whenBack() {
  knocking ??= knock();
  return knocking;
}

// Whether what failed did so because the server was away; it is back by then.
/** @type {() => Promise<boolean>} */
export async function wasAway() {
  if (!knocking && (await isThere())) return false;
  await whenBack();
  return true;
}

async function knock() {
  server.dispatchEvent(new CustomEvent("gone", { detail: true }));
  do await new Promise((resolve) => setTimeout(resolve, KNOCK * (1 + SPREAD * Math.random())));
  while (!(await isThere()));
  knocking = null;
  server.dispatchEvent(new CustomEvent("gone", { detail: false }));
}

const isThere = () => fetch("healthz", { cache: "no-store" }).then(({ status }) => !AWAY.includes(status), () => false);

/** @type {(signal: AbortSignal) => Promise<unknown>} */
const aborted = (signal) => new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));

let open = 0; // requests
/** @type {Set<(value?: unknown) => void>} */
const idle = new Set(); // who waits until there are none

// Settles when nothing is being asked, for what can wait.
/** @type {() => Promise<void>} */
export async function quiet() {
  while (open) {
    /** @type {(value?: unknown) => void} */
    let go = () => {};
    await new Promise((resolve) => idle.add((go = resolve)));
    idle.delete(go);
  }
}

// A server with more visitors than it can answer says when to ask again; the page says so too.

const SPREAD = 0.5; // of the time: or all who were refused would come back together

// A request that the server had no time for. `again` is in how many ms to ask again.
export class Busy extends Error {
  /**
   * @param {string} sentence
   * @param {number} seconds
   */
  constructor(sentence, seconds) {
    super(sentence);
    this.again = 1000 * seconds * (1 + SPREAD * Math.random());
  }
}

// The refusal in a reply, if it is one: of the server itself, or of a proxy before it.
/** @type {(response: Response, sentence: string | null) => Busy | null} */
function refusalIn(response, sentence) {
  const seconds = Number(response.headers.get("Retry-After"));
  if (![429, 503].includes(response.status) || !(seconds > 0)) return null;
  tell(true);
  return new Busy(sentence ?? "The server is busy.", seconds);
}

/** @type {(busy: Busy) => Promise<void>} */
export function pause(busy) {
  return new Promise((resolve) => setTimeout(resolve, busy.again));
}

// Hears "busy" with every reply: whether the server was, as `detail`. And "gone" when the server goes
// away, and when it is back.
export const server = new EventTarget();

/** @type {(busy: boolean) => void} */
function tell(busy) {
  server.dispatchEvent(new CustomEvent("busy", { detail: busy }));
}

// Returns a function that gives what `load` does, a promise, and asks it once; after a failure it asks again.
/** @type {<Loaded>(load: () => Promise<Loaded>) => () => Promise<Loaded>} */
export function once(load) {
  /** @type {ReturnType<typeof load> | undefined} */
  let loaded;
  return () => {
    loaded ??= load().catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

// One request in flight, and the newest wins: what came up in between is never sent.

const OVERDUE = 3000; // ms after which a request that has not been answered makes way for a newer one

// Returns a function that asks for `send` to run; `busy` hears when it starts and when it is done.
// The signal that `send` gets is aborted when it has taken long and a newer one waits. What it
// throws is reported, and keeps no later one from running.
/** @type {(send: (signal: AbortSignal) => unknown, busy: (running: boolean) => void) => () => void} */
export function newest(send, busy) {
  let wanted = false;
  let overdue = false;
  /** @type {AbortController | null} */
  let flight = null; // of what is being sent

  async function sendOne() {
    const control = (flight = new AbortController());
    overdue = false;
    const timer = setTimeout(() => {
      overdue = true;
      if (wanted) control.abort();
    }, OVERDUE);
    try {
      await send(control.signal);
    } catch (error) {
      reportError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function run() {
    try {
      busy(true);
      while (wanted) {
        wanted = false;
        await sendOne();
      }
    } finally {
      flight = null;
      busy(false);
    }
  }

  return () => {
    wanted = true;
    if (!flight) run();
    else if (overdue) flight.abort();
  };
}

// Messages: a JSON header and then raw bytes, as in wire.py.

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
