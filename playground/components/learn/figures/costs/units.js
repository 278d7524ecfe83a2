// Nats and bits.

import { nats } from "../../../ui/words.js";

const BITS = 1 / Math.LN2; // of a nat

export const inBits = (value) => value * BITS;

export function both(value) {
  return `${nats(value)} nats, ${nats(inBits(value))} bits`;
}
