// What the parts of the page share: the drawing, the noise, and what the server has to offer.

import { ask } from "./wire.js";

const listeners = new Set();

const state = {
  ink: null, // { width, height, bytes }: the crop with all the ink, or null while the canvas is empty
  drawing: false, // whether the pen is down
  noise: { kind: "gaussian", strength: 0, seed: 1 },
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

// The models and noises of the server: asked for once, and it may take as long as loading them.
export function about() {
  facts ??= ask("live/about").then((response) => response.json());
  return facts;
}

export function newSeed() {
  return Math.floor(Math.random() * 2 ** 31);
}

export const dark = () => document.body.classList.contains("dark");

// Calls back when the page turns dark or light, by our button or by the system.
export function onTheme(callback) {
  let was = dark();
  new MutationObserver(() => {
    if (dark() !== was) callback((was = dark()));
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
}
