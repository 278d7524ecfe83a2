// Runs models beside the page: fetches their files, and answers what model.js asks.

import { bundled } from "./model.js";
import { fastestRooms } from "../kernel/kernel.js";
import { bodyOf } from "../wire.js";
import { Classifier, Network } from "./network.js";

/** @type {Map<string, Network | Classifier>} */
const networks = new Map();
const rooms = fastestRooms(new URL("../kernel/kernel.wasm", import.meta.url).href);

/** @type {Record<string, (asked: any) => any>} */
const ANSWERS = {
  async load({ name, layers, address, priority, id }) {
    const file = await fetched(address, priority, (share) => reply({ id, share }));
    const Kind = "classify" in layers ? Classifier : Network;
    networks.set(name, new Kind(layers, file, await rooms));
  },
  forget: ({ name }) => void networks.delete(name),
};

const reply = bundled((/** @type {object[]} */ replies) => postMessage(replies));

addEventListener("message", ({ data }) => data.forEach(answer));

/** @type {(question: any) => Promise<void>} */
async function answer(question) {
  const { id, ask } = question;
  try {
    reply({ id, value: await (ANSWERS[ask] ?? answered)(question) });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

/** @type {(asked: { name: string, ask: string, values: unknown[] }) => unknown} */
function answered({ name, ask, values }) {
  const network = /** @type {any} */ (networks.get(name));
  if (!network) throw new Error("This model is not there.");
  return network[ask](...values);
}

// The file at an address, telling of the share that has come, from 0 to 1.
/** @type {(address: string, priority: RequestPriority | undefined, tell: (share: number) => void) => Promise<ArrayBuffer>} */
async function fetched(address, priority, tell) {
  const response = await fetch(address, { priority });
  if (!response.ok || !response.body) throw new Error(`The weights did not come (code ${response.status}).`);
  const size = Number(response.headers.get("Content-Length"));
  let come = 0;
  const counted = new TransformStream({
    transform(part, control) {
      come += part.length;
      if (size) tell(Math.min(1, come / size));
      control.enqueue(part);
    },
  });
  return new Response(bodyOf({ url: address, body: response.body.pipeThrough(counted) })).arrayBuffer();
}
