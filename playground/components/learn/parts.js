// What figures have in common: they follow the drawing while they are seen.

import { Busy, newest, pause } from "../engine/wire.js";
import { input } from "../state/input.js";
import { onFrame } from "../state/signals.js";
import { onSight, onTheme } from "../ui/canvas.js";
import { make } from "../ui/elements.js";

// Runs `work` now and at every change of the drawing, one at a time, the newest wins; behind
// another chapter or tab it waits until it is seen. Gives a function that runs it again, for the
// figure's own controls. `work` gets the signal that ends what has taken too long while a newer one
// waits. What it throws becomes the line below the figure.
export function live(element, lesson, work) {
  let seen = false;
  let stale = true;

  const run = newest(async (signal) => {
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted) return null; // a newer one follows
      if (!(error instanceof Busy)) return lesson.say(error.message);
      await pause(error);
      run();
    }
    return null;
  }, (busy) => (element.ariaBusy = String(busy)));

  function again() {
    stale = !seen;
    if (seen) run();
  }

  onFrame(() => [input.ink.value, input.noise.value], again, lesson.signal);
  onTheme(again, lesson.signal);
  onSight(element, (visible) => {
    const came = visible && !seen;
    seen = visible;
    if (came && stale) again();
  }, lesson.signal);
  return again;
}

// A small picture with a line below it, as figures show them.

// The line is also what a screen reader hears of the picture. `write` changes it.
export function tile(words) {
  const canvas = make("canvas", { className: "pixels" });
  const caption = make("figcaption", {}, words);
  const write = (line) => caption.textContent !== line && (caption.textContent = line);
  return { element: make("figure", { className: "tile" }, canvas, caption), canvas, caption, write };
}
