// Links to what is on show: the state of the page in the part of an address after "#", which no
// browser sends to the server.

import { Fragment, written } from "../state/fragment.js";
import { apply, tableFor, tableOf, valuesOf } from "../state/link.js";

const VERSION = 1;
const INPUT = ["drawing/canvas", "drawing/noise"]; // what a link sets before the tab, because tabs show it
const HEADER = "page/header"; // what it sets first
const AGAIN = 50; // ms until the page looks again whether its tabs are there

let turn = 0; // counts links, so that only the last one opened is applied

// The address of the page as it is now. The scripts of a tab are in the folder of its name.
export async function address() {
  const tab = openTab();
  const values = { v: VERSION, tab };
  for (const place of [tab, ...INPUT, HEADER]) Object.assign(values, await valuesOf(tableOf(place) ?? []));
  return `${location.origin}${location.pathname}${location.search}#${written(values)}`;
}

// Puts the page where a fragment says; gives what could not be done, in sentences, or null if
// another link was opened meanwhile.
export async function follow(fragment) {
  const now = ++turn;
  const current = () => now === turn;
  const link = new Fragment(fragment);
  const version = link.number("v", 1, 1e6, true);
  if (version > VERSION) link.wrong("The link was made by a newer version of this page.");
  await apply(link, await tableFor(HEADER));
  const tab = link.choice("tab", await tabNames());
  if (current() && tab) tabButtons().find((button) => nameOf(button) === tab).click();
  for (const place of [...INPUT, tab ?? openTab()]) {
    const table = await tableFor(place);
    if (!current()) return null;
    await apply(link, table, current);
  }
  link.rest();
  return current() ? link.complaints : null;
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
