// What the parts of the page share: the drawing, the noise, and what the server has to offer.

import { ask } from "../engine/wire.js";

const AGAIN = 3000; // ms until the page asks again

const listeners = new Set();

const state = {
  ink: null, // { width, height, bytes }: the crop with all the ink, or null while the canvas is empty
  drawing: false, // whether the pen is down
  noise: { kind: "gaussian", strength: 0, seed: 1 },
  trouble: "", // why the page has no models yet
};

export const input = state;

// Changes part of the input and tells everyone who listens.
export function update(changes) {
  Object.assign(state, changes);
  for (const listener of listeners) listener(state, changes);
}

// Calls back at every change of the input.
export function listen(listener) {
  listeners.add(listener);
}

let facts;

// The models and noises of the server. It may take as long as loading them; while the server
// does not answer, `trouble` says so, and the page asks again.
export function about() {
  facts ??= untilAnswered();
  return facts;
}

async function untilAnswered() {
  for (;;) {
    try {
      const reply = await ask("live/about");
      return await reply.json();
    } catch (error) {
      update({ trouble: error.message });
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

export const LARGEST_SEED = 2 ** 31 - 1;

export function newSeed() {
  return Math.floor(Math.random() * (LARGEST_SEED + 1));
}

export const dark = () => document.body.classList.contains("dark");

const colours = new Map();

// A colour of the theme by its name in page.css. Asking the browser each time would make it lay
// out the page while the pen moves.
export function colour(name) {
  const key = `${name} ${dark()}`;
  if (!colours.has(key)) colours.set(key, getComputedStyle(document.body).getPropertyValue(name));
  return colours.get(key);
}

let larger; // how many times as large words are as on a desk; asked for again after a resize
addEventListener("resize", () => (larger = undefined));

// The font of words that are painted, as large as the page wants its words.
export function font(pixels, weight = 400) {
  larger ??= Number(getComputedStyle(document.documentElement).getPropertyValue("--type")) || 1;
  return `${weight} ${pixels * larger}px system-ui, sans-serif`;
}

// Calls back when the page turns dark or light, by our button or by the system.
export function onTheme(callback) {
  let was = dark();
  new MutationObserver(() => {
    if (dark() !== was) callback((was = dark()));
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}
