// What is in a slot, as a link says it: "d" for the drawing, "7.1" for an example of class 7 and
// which of its hands, or the packed pixels of any other digit.

import { toBytes, toText } from "../state/fragment.js";

/**
 * @import { Complain, Declared } from "../state/link.js"
 * @import { Slot, Source } from "./slot.js"
 */

const PIXELS = 784;
const EXAMPLE = /^(\d)\.(\d{1,2})$/;

// The slots with commas between them.
/** @type {(slots: Slot[]) => Promise<string>} */
export async function writeSlots(slots) {
  const texts = slots.map(({ source }) => (typeof source === "string" ? source : source ? toText(source) : ""));
  return (await Promise.all(texts)).join(",");
}

// How a link says what is in the slots that `now` gives.
/** @type {(now: () => Slot[]) => Declared} */
export function slotEntry(now) {
  return { name: "from", kind: "text", get: () => writeSlots(now()), set: (text, complain) => fillSlots(now(), text, complain) };
}

// Fills slots with what a link says; gives the sources that they then have, null for those that
// stay as they are.
/** @type {(slots: Slot[], text: string, complain: Complain) => Promise<Source[]>} */
export async function fillSlots(slots, text, complain) {
  const texts = text.split(",", slots.length);
  return Promise.all(slots.map((slot, i) => fillSlot(slot, texts[i] ?? "", complain)));
}

/** @type {(slot: Slot, text: string, complain: Complain) => Promise<Source>} */
async function fillSlot(slot, text, complain) {
  const example = EXAMPLE.exec(text);
  if (text === "") return null;
  if (text === slot.source) return text;
  if (text === "d") slot.useDrawing(true);
  else if (example) slot.useExample(Number(example[1]), Number(example[2]));
  else {
    try {
      const grey = await toBytes(text, PIXELS);
      if (grey.length < PIXELS) throw new Error("Pixels are missing.");
      slot.use(grey, "from the link");
      return grey;
    } catch {
      return complain(`The digit for ${slot.name} is damaged in the link.`);
    }
  }
  return text;
}
