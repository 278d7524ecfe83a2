// What links to what is on show are made of: parts of the page contribute what they know.

const parts = new Map(); // name -> what it contributed
const waiting = new Map(); // name -> who waits for it

// Adds a part of the page. `read()` gives its values by name, or a promise of them; `apply(link)`
// does what a Fragment says, and may give a promise too.
export function contribute(name, part) {
  parts.set(name, part);
  for (const resolve of waiting.get(name) ?? []) resolve(part);
  waiting.delete(name);
}

// What a part contributed; undefined if it has not come yet.
export const contributed = (name) => parts.get(name);

// The same, as a promise: parts come when they are first seen.
export function contribution(name) {
  if (parts.has(name)) return parts.get(name);
  return new Promise((resolve) => waiting.set(name, [...(waiting.get(name) ?? []), resolve]));
}
