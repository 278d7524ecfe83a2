// Samples as a picture to print: one block a model, its name and its rule beside it.

import { colour } from "../ui/canvas.js";
import { make } from "../ui/elements.js";

const SCALE = 4; // pixels of the file along one of a sample
const MARGIN = 4; // in pixels of a sample, as all that follows
const LEFT = 34; // of the samples
const WORDS = 3.5; // the height of a name
const LEAST = 6; // pixels of the file: no name is smaller, it is cut short instead

// The samples of grids as a PNG.
export function sheet(grids) {
  const width = Math.max(...grids.map(({ canvas }) => canvas.width));
  const pitch = Math.max(...grids.map(({ canvas }) => canvas.height)) + MARGIN;
  const canvas = make("canvas", { width: SCALE * (LEFT + width + MARGIN), height: SCALE * (pitch * grids.length + MARGIN) });
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.imageSmoothingEnabled = false;
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  grids.forEach(({ facts, canvas: samples }, i) => {
    const top = MARGIN + i * pitch;
    context.fillStyle = facts.colour;
    context.fillRect(MARGIN, top, LEFT - 2 - MARGIN, 1);
    context.fillStyle = colour("--ink");
    writeInto(context, facts.label, MARGIN, top + MARGIN, LEFT - 2 - MARGIN);
    context.drawImage(samples, LEFT, top);
  });
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// Words in the room there is for them: smaller, and if that is not enough cut short.
function writeInto(context, words, x, y, room) {
  const size = (pixels) => (context.font = `${pixels}px system-ui, sans-serif`);
  const fits = (some) => context.measureText(some).width <= room;
  let height = WORDS;
  size(height);
  while (!fits(words) && height * SCALE > LEAST) size((height *= 0.95));
  let short = words;
  while (!fits(short) && short.length > 1) short = `${short.slice(0, -2)}…`;
  context.textBaseline = "middle";
  context.fillText(short, x, y);
}
