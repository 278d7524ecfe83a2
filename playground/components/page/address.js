// What is on show, as links and the address bar say it: in the part of an address after "#", which
// no browser sends to the server.

import { Fragment, written } from "../state/fragment.js";
import { apply, shortened, tableFor, tableOf, valuesOf } from "../state/link.js";

const VERSION = 1;
const INPUT = ["drawing/canvas"]; // what a link sets before the tab, because tabs show it
const HEADER = "page/header"; // what it sets first
const SHARED = [...INPUT, HEADER];
const AGAIN = 50; // ms until the page looks again whether its tabs are there

const left = new Map(); // tab -> its values: as it was left, or as an address says them before it is opened
const untaken = new Set(); // tabs that have yet to take theirs
let turn = 0; // counts links, so that only the last one opened is applied

// What is on show: the values of the open `tab`, those that all tabs `share`, and the `step` of the
// browser's history that it is. The scripts of a tab are in the folder of its name.
export async function onShow() {
  const tab = openTab();
  const own = await valuesOfTab(tab);
  const shared = {};
  for (const place of SHARED) Object.assign(shared, await valuesOf(tableOf(place) ?? []));
  const step = tableOf(tab)?.find((entry) => entry.step);
  return { tab, own, shared, step: [tab, step ? own[step.name] : null] };
}

async function valuesOfTab(tab) {
  const table = tableOf(tab);
  if (table && !untaken.has(tab)) left.set(tab, await valuesOf(table));
  return left.get(tab) ?? {};
}

// Whether all that is on show can be said.
export const isComplete = () => SHARED.every(tableOf) && tabButtons().some(isOpen);
export const tabIsThere = () => tableOf(openTab()) !== null;

// All of it as one table of values. Those of tabs that are not open have the names of these before theirs.
export function valuesOn({ tab, own, shared }) {
  const others = [...left].filter(([name]) => name !== tab).flatMap(([name, values]) => (
    Object.entries(values).map(([key, value]) => [`${name}.${key}`, value])));
  return { v: VERSION, tab, ...own, ...shared, ...Object.fromEntries(others) };
}

// The same with no value that is too long for an address.
export async function fitting(values) {
  let found = values;
  for (const place of SHARED) found = await shortened(found, tableOf(place) ?? []);
  return found;
}

// A link to what is on show, and whether it says all of it.
export async function linkToThis() {
  const { fragment, whole } = await fragmentOfThis();
  return { words: `${location.origin}${location.pathname}${publicQuery()}#${fragment}`, whole };
}

// The same as a frame for another page: of the Learn tab the figure, of any other all of it.
export async function frameOfThis() {
  const { fragment, whole, tab, part } = await fragmentOfThis();
  const query = [publicQuery().slice(1), `embed=${part ? `${tab}/${part}` : tab}`].filter(Boolean).join("&");
  const address = `${location.origin}${location.pathname}?${query}#${fragment}`.replaceAll("&", "&amp;");
  const how = 'width="100%" height="720" style="border:0" loading="lazy" allow="clipboard-write"';
  return { words: `<iframe src="${address}" title="VAE playground: ${part ?? tab}" ${how}></iframe>`, whole };
}

async function fragmentOfThis() {
  const { tab, own, shared, step: [, part] } = await onShow();
  const values = { v: VERSION, tab, ...own, ...shared };
  const short = await fitting(values);
  const whole = Object.keys(values).every((name) => values[name] === short[name]);
  return { fragment: written(short), whole, tab, part };
}

// What begins with "__" is between this visitor and the host: the signature of a private Space, which
// would let others in, and the theme that this visitor has. Links do not hand it on.
function publicQuery() {
  const parts = location.search.slice(1).split("&").filter((part) => part && !isPrivate(part) && !part.startsWith("embed="));
  return parts.length ? `?${parts.join("&")}` : "";
}

const isPrivate = (part) => [...new URLSearchParams(part).keys()].some((name) => name.startsWith("__"));

// Puts the page where a link says; gives what could not be done, in sentences, or null if the visitor
// went elsewhere meanwhile.
export async function follow(link) {
  const now = ++turn;
  const current = () => now === turn;
  const version = link.number("v", 1, 1e6, true);
  if (version > VERSION) link.wrong("The link was made by a newer version of this page.");
  await apply(link, await tableFor(HEADER), current);
  const names = await tabNames();
  const tab = link.choice("tab", names) ?? openTab();
  if (!current()) return null;
  if (tab !== openTab()) tabButtons().find((button) => nameOf(button) === tab).click();
  keepForLater(link, names);
  for (const place of INPUT) {
    const table = await tableFor(place);
    if (!current()) return null;
    await apply(link, table, current);
  }
  left.set(tab, Object.fromEntries([...link.values].filter(([name]) => link.unread.has(name))));
  untaken.add(tab);
  const table = await tableFor(tab);
  if (!current()) return null;
  await apply(link, table, current);
  if (!current()) return null;
  untaken.delete(tab);
  link.rest();
  return link.complaints;
}

// The visitor goes elsewhere: a link that is not done is no longer followed.
export const abandon = () => turn++;

// What a link says of other tabs is theirs when they are first opened. One that was opened already
// stays as it was left: that is newer.
function keepForLater(link, names) {
  const found = new Map();
  for (const [name, value] of link.values) {
    const [tab, key] = [name.split(".", 1)[0], name.slice(name.indexOf(".") + 1)];
    if (key === name || !names.includes(tab)) continue;
    link.unread.delete(name);
    if (!tableOf(tab)) found.set(tab, { ...found.get(tab), [key]: value });
  }
  for (const [tab, values] of found) {
    left.set(tab, values);
    untaken.add(tab);
  }
}

const taking = new Set();

// The open tab takes what an address said of it before it was opened; gives what it could not use.
export async function takeUp() {
  const tab = openTab();
  if (!untaken.has(tab) || taking.has(tab)) return [];
  taking.add(tab);
  try {
    const table = await tableFor(tab);
    const link = new Fragment(written(left.get(tab)), Infinity);
    await apply(link, table);
    link.rest();
    untaken.delete(tab);
    return link.complaints;
  } finally {
    taking.delete(tab);
  }
}

const tabButtons = () => [...document.querySelectorAll("#tabs [role=tab]")];
const nameOf = (button) => button.dataset.tabId; // a translator changes the words on it
const isOpen = (button) => button.ariaSelected === "true";
const openTab = () => nameOf(tabButtons().find(isOpen));

async function tabNames() {
  while (!tabButtons().length) await new Promise((resolve) => setTimeout(resolve, AGAIN));
  return tabButtons().map(nameOf);
}
