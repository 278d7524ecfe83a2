// Links to what is on show. Each part of the page declares what of it a link says, as the table that
// its `mount` gives or promises; the one reader and the one writer of such tables are below.

import { rounded } from "./fragment.js";

/**
 * @typedef {(sentence: string) => null} Complain
 * @import { Fragment, Values } from "./fragment.js"
 * @import { Signal } from "./signals.js"
 */

/**
 * One value of a link. Its `name` there, and of what `kind` it is:
 *
 * - "choice": one of `names`; "names": some of them, `most` at most; "switch": on or off
 * - "number" or "whole": in `range`; "numbers" or "wholes": `count` of them, each in `range`
 * - "text": any, which `set` has to judge
 *
 * What may change while the page is open is given as a function. The value is that of the signal
 * `state`; or it is given by `get`, null for none or a promise, and taken by `set`, which may give
 * a promise too. A value with a `default` is left out of a link where it has that, and has that
 * after a link without it; any other stays as it is. `then` gives what else to declare, as the
 * value has it. Another value of a `step` is another step of the browser's history. `short` gives
 * what an address says instead of a value that is too long for it.
 *
 * @typedef {{
 *   name: string, kind: keyof typeof KINDS, default?: any, names?: Given<string[]>, most?: Given<number>,
 *   range?: Given<[low: number, high: number]>, count?: Given<number>, state?: Signal<any>,
 *   get?: () => any, set?: (value: any, complain: Complain) => any, then?: () => Declared[] | Promise<Declared[]>,
 *   step?: boolean, short?: () => Promise<string>,
 * }} Declared
 */

/**
 * @template Value
 * @typedef {Value | (() => Value)} Given
 */

/** @type {<Value>(value: Given<Value>) => Value} */
const now = (value) => (value instanceof Function ? value() : value);

/**
 * @typedef {(link: Fragment, entry: any) => any} Read
 * @typedef {(value: any) => string | number} Write
 */

// How each kind is read from a fragment, null if that does not say it or says it wrong, and written.
/** @satisfies {{ [kind: string]: { read: Read, write: Write } }} */
const KINDS = {
  choice: { read: (link, { name, names }) => link.choice(name, now(names)), write: String },
  names: { read: (link, { name, names, most }) => link.names(name, now(names), now(most)), write: (value) => value.join(",") },
  switch: { read: (link, { name }) => switched(link.choice(name, ["0", "1"])), write: Number },
  number: { read: (link, entry) => numbers(link, entry, false, 1)?.[0] ?? null, write: rounded },
  whole: { read: (link, entry) => numbers(link, entry, true, 1)?.[0] ?? null, write: String },
  numbers: { read: (link, entry) => numbers(link, entry, false), write: (value) => Array.from(value, rounded).join(",") },
  wholes: { read: (link, entry) => numbers(link, entry, true), write: (value) => value.join(",") },
  text: { read: (link, { name }) => link.text(name), write: String },
};

/** @type {(link: Fragment, entry: any, whole: boolean, count?: number) => number[] | null} */
function numbers(link, { name, range, count: several }, whole, count = now(several)) {
  const [low, high] = now(range);
  return link.numbers(name, count, low, high, whole);
}

/** @type {(text: string | null) => boolean | null} */
function switched(text) {
  return text === null ? null : text === "1";
}

// What a table stands for at the moment, by name.
/** @type {(table: Declared[]) => Promise<Values>} */
export async function valuesOf(table) {
  /** @type {Values} */
  const values = {};
  for (const entry of table) {
    const { name, kind, state, get, then } = entry;
    const value = (await (state ? state.value : get?.())) ?? null;
    const text = value === null ? null : KINDS[kind].write(value);
    values[name] = "default" in entry && entry.default !== null && text === KINDS[kind].write(entry.default) ? null : text;
    if (then) Object.assign(values, await valuesOf(await thereOf(then())));
  }
  return values;
}

// What is declared by now: a part that is still to come has nothing to say yet.
/** @type {(table: Declared[] | Promise<Declared[]>) => Promise<Declared[]>} */
function thereOf(table) {
  return Promise.race([table, new Promise((resolve) => setTimeout(() => resolve([])))]);
}

const ROOM = 6000; // characters of a value that an address has room for

// The same values as an address has room for them.
/** @type {(values: Values, table: Declared[]) => Promise<Values>} */
export async function shortened(values, table) {
  const fitting = { ...values };
  for (const { name, short } of table) if (short && String(values[name] ?? "").length > ROOM) fitting[name] = await short();
  return fitting;
}

// Brings about what a link says of a table, one value after another, so that each may hang on
// those before it. `current` says whether the link still counts.
/** @type {(link: Fragment, table: Declared[], current?: () => boolean) => Promise<void>} */
export async function apply(link, table, current = () => true) {
  for (const entry of table) {
    const said = KINDS[entry.kind].read(link, entry);
    const value = said === null && "default" in entry ? entry.default : said;
    if (said !== null || "default" in entry) await take(entry, value, link);
    if (!current()) return;
    if (entry.then) await apply(link, await entry.then(), current);
  }
}

/** @type {(entry: Declared, value: any, link: Fragment) => any} */
function take({ state, set }, value, link) {
  if (state) state.value = value;
  return set?.(value, (sentence) => link.wrong(sentence));
}

/** @type {Map<string, Declared[]>} */
const tables = new Map(); // the path of a script, such as "walk/walk" -> what it declared
/** @type {Set<() => unknown>} */
const waiting = new Set(); // who waits for another table

// Notes what the script at `path` declares; most declare nothing.
/** @type {(path: string, table?: Declared[]) => void} */
export function declare(path, table = []) {
  tables.set(path, table);
  for (const look of [...waiting]) look();
}

// What a script, or the first of a folder, has declared; null if it has not come yet.
/** @type {(place: string) => Declared[] | null} */
export function tableOf(place) {
  const path = [...tables.keys()].find((each) => each === place || each.startsWith(`${place}/`));
  return path === undefined ? null : (tables.get(path) ?? null);
}

// The same, as a promise: parts of the page come when they are first seen.
/** @type {(place: string) => Promise<Declared[]>} */
export function tableFor(place) {
  return new Promise((resolve) => {
    function look() {
      const table = tableOf(place);
      if (!table) return;
      waiting.delete(look);
      resolve(table);
    }
    waiting.add(look);
    look();
  });
}
