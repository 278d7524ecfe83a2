// What figures have in common: they follow the drawing while they are seen.

import { newest } from "../engine/newest.js";
import { Busy, pause } from "../engine/wire.js";
import { listen } from "../state/input.js";
import { onSight } from "../ui/sight.js";
import { onTheme } from "../ui/theme.js";

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
