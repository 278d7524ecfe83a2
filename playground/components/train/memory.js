// What this browser keeps of training: the token that its runs belong to, which are on show, and
// the pictures that the visitor brought.

const OWNER = "train-owner";
const WATCHED = "train-watched";
const BROUGHT = "train-pictures";
const MOST = 20; // data sets that are remembered
const LENGTH = 24; // random bytes: 32 characters

const kept = new Map(); // for browsers that keep nothing for this page

function recall(key) {
  try {
    return localStorage.getItem(key) ?? kept.get(key) ?? null;
  } catch {
    return kept.get(key) ?? null;
  }
}

function keep(key, words) {
  kept.set(key, words);
  try {
    localStorage.setItem(key, words);
  } catch {
    // Storage is switched off. The runs are found again until the page is closed.
  }
}

// Nobody can guess it, so whoever knows it owns the runs that were started with it.
export function owner() {
  const known = recall(OWNER);
  if (known) return known;
  const random = crypto.getRandomValues(new Uint8Array(LENGTH));
  const token = btoa(String.fromCharCode(...random)).replaceAll("+", "-").replaceAll("/", "_");
  keep(OWNER, token);
  return token;
}

export function watched() {
  return list(WATCHED).filter((id) => typeof id === "string").slice(0, 2);
}

function list(key) {
  try {
    const found = JSON.parse(recall(key) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

export function keepWatched(ids) {
  keep(WATCHED, JSON.stringify(ids));
}

// The data sets that the visitor brought: { name, label, images } each, the newest last.
export function brought() {
  return list(BROUGHT).filter((each) => typeof each?.name === "string" && typeof each.label === "string");
}

export function keepBrought(facts) {
  const { name, label, images } = facts;
  keep(BROUGHT, JSON.stringify([...brought().filter((each) => each.name !== name), { name, label, images }].slice(-MOST)));
}

export function forgetBrought(name) {
  keep(BROUGHT, JSON.stringify(brought().filter((each) => each.name !== name)));
}
