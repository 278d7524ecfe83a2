// Random numbers: the same again for the same seed where there is one, which those of the browser are not.

// A function that gives the next number from 0 to below 1. Mulberry32, by Tommy Ettinger.
/** @type {(seed: number) => () => number} */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @type {(seed: number, count: number) => Uint8Array} */
export function randomBytes(seed, count) {
  const roll = dice(seed);
  return Uint8Array.from({ length: count }, () => 256 * roll());
}

// The same things in another order.
/** @type {<T>(things: T[], seed: number) => T[]} */
export function shuffled(things, seed) {
  const roll = dice(seed);
  const order = [...things];
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor((i + 1) * roll());
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

// One number from N(0, 1). Box & Muller, A Note on the Generation of Random Normal Deviates (1958).
export function gaussian() {
  const length = Math.sqrt(-2 * Math.log(1 - Math.random()));
  return length * Math.cos(2 * Math.PI * Math.random());
}

export const LARGEST_SEED = 2 ** 31 - 1;

export function newSeed() {
  return Math.floor(Math.random() * (LARGEST_SEED + 1));
}
