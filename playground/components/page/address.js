// Links to what is on show: the state of the page in the part of an address after "#", which no
// browser sends to the server.

import { Fragment, contributed, contribution, written } from "../state/link.js";

const VERSION = 1;
const ALWAYS = ["canvas", "noise"]; // what a link sets before the tab, because tabs show it
const TABS = ["reconstruct", "map", "atlas", "walk", "learn"]; // those that contribute when they are first seen
const AGAIN = 50; // ms until the page looks again whether its tabs are there

let turn = 0; // counts links, so that only the last one opened is applied

// The address of the page as it is now.
export async function address() {
  const tab = openTab();
  const values = { v: VERSION, tab };
  for (const name of [tab, ...ALWAYS, "presenter"]) Object.assign(values, await contributed(name)?.read());
  return `${location.origin}${location.pathname}${location.search}#${written(values)}`;
}

// Puts the page where a fragment says; gives what could not be done, in sentences, or null if
// another link was opened meanwhile.
export async function follow(fragment) {
  const now = ++turn;
  const link = new Fragment(fragment);
  const version = link.number("v", 1, 1e6, true);
  if (version > VERSION) link.wrong("The link was made by a newer version of this page.");
  await (await contribution("presenter")).apply(link);
  const tab = link.choice("tab", await tabNames());
  if (now === turn && tab) tabButtons().find((button) => nameOf(button) === tab).click();
  const names = [...ALWAYS, tab ?? openTab()].filter((name) => ALWAYS.includes(name) || TABS.includes(name));
  for (const name of names) {
    const part = await contribution(name);
    if (now !== turn) return null;
    await part.apply(link);
  }
  link.rest();
  return now === turn ? link.complaints : null;
}

const tabButtons = () => [...document.querySelectorAll("#tabs [role=tab]")];
const nameOf = (button) => button.textContent.trim().toLowerCase();
const openTab = () => nameOf(tabButtons().find((button) => button.ariaSelected === "true"));

async function tabNames() {
  while (!tabButtons().length) await new Promise((resolve) => setTimeout(resolve, AGAIN));
  return tabButtons().map(nameOf);
}

// The button that copies a link to what is on show.

const LONG = 2500; // ms that a word of success stays

// `field` holds the link where a page may not write to the clipboard; `say` shows words.
export function copyButton(button, field, say) {
  async function copy() {
    const link = await address();
    try {
      await navigator.clipboard.writeText(link);
      say("Copied", LONG);
    } catch {
      // Browsers keep the clipboard to themselves on pages that did not come by HTTPS.
      field.hidden = false;
      field.value = link;
      field.focus();
      field.select();
      say("Press Ctrl+C to copy the link.");
    }
  }

  button.addEventListener("click", copy);
  field.addEventListener("copy", () => setTimeout(() => {
    field.hidden = true;
    button.focus();
    say("Copied", LONG);
  }));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    field.hidden = true;
    button.focus();
    say("");
  });
}
