// What figures have in common: they follow the drawing while they are seen, and ask about it.

import { Busy, pause } from "../engine/busy.js";
import { newest } from "../engine/newest.js";
import { ask, pack, unpack } from "../engine/wire.js";
import { input, listen, onTheme } from "../state/input.js";
import { onSight } from "../ui/sight.js";

// Runs `work` now and at every change of the drawing, one at a time, the newest wins; behind
// another chapter or tab it waits until it is seen. Gives a function that runs it again, for the
// figure's own controls. What `work` throws becomes the line below the figure.
export function live(element, lesson, work) {
  let seen = false;
  let stale = true;

  const run = newest(async () => {
    try {
      await work();
    } catch (error) {
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

  listen((_, changes) => ("ink" in changes || "noise" in changes) && again());
  onTheme(again);
  onSight(element, (visible) => {
    const came = visible && !seen;
    seen = visible;
    if (came && stale) again();
  });
  return again;
}

// The reply of a live route to the drawing as it is, taken apart; null while the canvas is empty.
// The request carries the ink, and its size beside the values of `header`.
export async function askOfDrawing(route, header, asker) {
  if (!input.ink) return null;
  const { width, height, bytes } = input.ink;
  const reply = await ask(`live/${route}`, pack({ ...header, width, height }, bytes), { asker });
  return unpack(await reply.arrayBuffer());
}

// What `models` make of the drawing with its noise, as in live/reconstruct: null, or the header, the
// `clean` and the `noisy` digit, and a `picture` for each model.
export async function reconstructions(models, asker) {
  const reply = await askOfDrawing("reconstruct", { models, noise: input.noise, sample: null }, asker);
  if (!reply) return null;
  const { header, bytes } = reply;
  const picture = () => bytes(header.side ** 2);
  return { header, clean: picture(), noisy: picture(), pictures: models.map(picture) };
}
