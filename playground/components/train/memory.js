// What this browser keeps of training: the token that its runs belong to, and which are on show.

const OWNER = "train-owner";
const WATCHED = "train-watched";
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
  try {
    const ids = JSON.parse(recall(WATCHED) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string").slice(0, 2) : [];
  } catch {
    return [];
  }
}

export function keepWatched(ids) {
  keep(WATCHED, JSON.stringify(ids));
}
