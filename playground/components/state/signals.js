// Signals: values that know who reads them. They are Preact's, 2 kB of them: a value that hangs on
// two which hang on a third must change once and not twice, and 40 lines of our own get that wrong.

import { batch, computed, effect, signal, untracked } from "./vendor/signals-core-1.14.5.js";

export { batch, computed, signal };

/**
 * @template [Value=any]
 * @typedef {import("./vendor/signals-core-1.14.5.js").Signal<Value>} Signal
 */

// Calls back with what `read` gives, now and whenever a signal in it has made that another, until
// `life` is aborted. What a callback throws is reported, and keeps no other one from hearing.
/** @type {<Value>(read: () => Value, callback: (value: Value) => unknown, life: AbortSignal) => void} */
export function watch(read, callback, life) {
  if (life.aborted) return;
  const known = computed(read);
  const stop = effect(() => {
    try {
      const { value } = known;
      untracked(() => callback(value));
    } catch (error) {
      reportError(error);
    }
  });
  life.addEventListener("abort", stop, { once: true });
}

// Calls back in every frame in which what `read` gives has become another, however often it did.
/** @type {<Value>(read: () => Value, callback: (value: Value) => unknown, life: AbortSignal) => void} */
export function onFrame(read, callback, life) {
  const known = computed(read);
  let news = false;
  const tell = () => {
    if (!life.aborted) callback(known.peek());
  };
  watch(() => known.value, () => {
    if (news) plan(tell);
    news = true; // all but the first
  }, life);
}

/** @type {Set<() => unknown>} */
const due = new Set(); // who hears of the next frame

/** @type {(tell: () => unknown) => void} */
function plan(tell) {
  if (!due.size) requestAnimationFrame(publish);
  due.add(tell);
}

function publish() {
  const now = [...due];
  due.clear();
  for (const tell of now) {
    try {
      tell();
    } catch (error) {
      reportError(error);
    }
  }
}
