// The page opens by itself, once: a pen draws a digit and the models follow it, then noise swells.
// Whatever the visitor does ends it. A link shows its own state instead.

import { keep, recall } from "../state/memory.js";
import { input, views } from "../state/input.js";

const SEEN = "opening-seen";
const DRAWS = 1500; // ms
const RESTS = 500; // ms, to see that all models draw the digit
const SWELLS = 1600; // ms
const STRENGTH = 0.4; // at which the models differ most
const SEED = 5; // with this pattern on the opening's digit: one keeps it, one draws another digit
const STEP = 0.05; // of the strength: that of its slider
const LONGEST = 60; // ms between two frames that count: a busy machine draws slowly, and leaves nothing out
const PATIENCE = 4000; // ms for the first reconstruction
const INPUTS = ["pointerdown", "keydown", "wheel"];
const INVITATION = "Your turn: draw";

// Plays it until its end, or until `life` is aborted. `show` is given the strokes so far, and whether
// that is all and is to stay; `invite` hears words.
export async function playOpening(strokes, show, invite, life) {
  const still = recall(SEEN) !== null || matchMedia("(prefers-reduced-motion: reduce)").matches;
  keep(SEEN, "1");
  if (still) swell(1);
  const ended = !still && (await play(strokes, show, life));
  if (life.aborted) return;
  show(strokes, true);
  if (ended) return; // the visitor has begun already
  invite(INVITATION);
  const done = onInput(() => {
    invite("");
    done.abort();
  }, life);
}

// Gives whether the visitor ended it.
async function play(strokes, show, life) {
  const over = onInput(() => over.abort(), life);
  show(upTo(strokes, 0), false);
  await until(() => views.value.size > 0, PATIENCE, over.signal);
  await frames(DRAWS, (share) => show(upTo(strokes, share), false), over.signal);
  await frames(RESTS, () => {}, over.signal);
  await frames(SWELLS, swell, over.signal);
  const { aborted } = over.signal;
  over.abort();
  return aborted;
}

function swell(share) {
  const strength = Math.round((share * STRENGTH) / STEP) * STEP;
  if (input.noise.value.strength !== strength) input.noise.value = { ...input.noise.value, strength, seed: SEED };
}

// Calls `act` with every input of the visitor's, until what it gives or `life` is aborted.
function onInput(act, life) {
  const over = new AbortController();
  for (const name of INPUTS) addEventListener(name, act, { capture: true, passive: true, signal: over.signal });
  life.addEventListener("abort", () => over.abort(), { signal: over.signal });
  return over;
}

// Calls `paint` with 0 to 1, a frame each, unless `over` is aborted.
async function frames(duration, paint, over) {
  let last = performance.now();
  for (let share = 0; share < 1 && !over.aborted; ) {
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    share = Math.min(1, share + Math.max(0, Math.min(LONGEST, now - last)) / duration);
    last = now;
    if (!over.aborted) paint(share);
  }
}

async function until(holds, longest, over) {
  const begin = performance.now();
  while (!holds() && !over.aborted && performance.now() - begin < longest) await new Promise((resolve) => setTimeout(resolve, 50));
}

// The first part of the strokes' way, a share of the whole.
export function upTo(strokes, share) {
  const far = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);
  const lengthOf = (points) => points.slice(1).reduce((sum, point, i) => sum + far(points[i], point), 0);
  let left = share * strokes.reduce((sum, points) => sum + lengthOf(points), 0);
  const drawn = [];
  for (const points of strokes) {
    const part = [points[0]];
    for (let i = 1; i < points.length && left > 0; i++) {
      const step = far(points[i - 1], points[i]);
      const of = step === 0 ? 1 : Math.min(1, left / step);
      part.push(points[i].map((along, axis) => points[i - 1][axis] + of * (along - points[i - 1][axis])));
      left -= step;
    }
    drawn.push(part);
    if (left <= 0) break;
  }
  return drawn;
}
