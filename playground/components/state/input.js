// The input that all parts of the page share: the drawing, and its noise.

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
