// What this browser keeps for the page.

/** @typedef {{ name: string, label: string, images: number }} Brought a data set */

/** @type {Map<string, string>} */
const kept = new Map(); // for browsers that keep nothing for this page

// The words kept under a key, or null.
/** @type {(key: string) => string | null} */
export function recall(key) {
  try {
    return localStorage.getItem(key) ?? kept.get(key) ?? null;
  } catch {
    return kept.get(key) ?? null;
  }
}

/** @type {(key: string, words: string) => void} */
export function keep(key, words) {
  kept.set(key, words);
  try {
    localStorage.setItem(key, words);
  } catch {
    // Storage is switched off. What was kept is found again until the page is closed.
  }
}

// Of training: the token that its runs belong to, which are on show, and the runs of sweeps and the
// pictures that the visitor brought.

const OWNER = "train-owner";
const WATCHED = "train-watched";
const OPENED = "train-opened";
const BROUGHT = "train-pictures";
const MOST_OPEN = 12; // runs of sweeps that stay open
const MOST_BROUGHT = 20; // data sets that are remembered
const LENGTH = 24; // random bytes: 32 characters

// The token, if there is one yet: who never trained needs none.
export function knownOwner() {
  return recall(OWNER);
}

// Nobody can guess it, so whoever knows it owns the runs that were started with it.
export function owner() {
  const known = knownOwner();
  if (known) return known;
  const random = crypto.getRandomValues(new Uint8Array(LENGTH));
  const token = btoa(String.fromCharCode(...random)).replaceAll("+", "-").replaceAll("/", "_");
  keep(OWNER, token);
  return token;
}

export function watched() {
  return ids(WATCHED, 2);
}

/** @type {(shown: string[]) => void} */
export function keepWatched(shown) {
  keep(WATCHED, JSON.stringify(shown));
}

// Runs of sweeps are the browser's own only as long as it has them open.
export function opened() {
  return ids(OPENED, MOST_OPEN);
}

/** @type {(open: string[]) => void} */
export function keepOpened(open) {
  keep(OPENED, JSON.stringify(open.slice(-MOST_OPEN)));
}

// The data sets that the visitor brought: { name, label, images } each, the newest last.
/** @type {() => Brought[]} */
export function brought() {
  return list(BROUGHT).filter((each) => typeof each?.name === "string" && typeof each.label === "string");
}

/** @type {(facts: Brought) => void} */
export function keepBrought(facts) {
  const { name, label, images } = facts;
  keep(BROUGHT, JSON.stringify([...brought().filter((each) => each.name !== name), { name, label, images }].slice(-MOST_BROUGHT)));
}

/** @type {(name: string) => void} */
export function forgetBrought(name) {
  keep(BROUGHT, JSON.stringify(brought().filter((each) => each.name !== name)));
}

/** @type {(key: string, most: number) => string[]} */
function ids(key, most) {
  return list(key).filter((id) => typeof id === "string").slice(-most);
}

/** @type {(key: string) => any[]} */
function list(key) {
  try {
    const found = JSON.parse(recall(key) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}
