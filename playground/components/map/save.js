// The maps on show as one picture, to print: the name of the model above each, all its tiles whole.

import { colour } from "../ui/canvas.js";
import { fileName, make } from "../ui/elements.js";
import { paintMap } from "../ui/space/ground.js";
import { margins } from "../ui/space/pad.js";

const TILE = 28;
const LEAST = 560; // pixels along a map; tiles are enlarged by whole factors
const HEAD = 32;
const GAP = 16;

// The maps of panels as a PNG. `layers` are those on show.
export function picture(panels, layers) {
  const side = TILE * layers.count * Math.ceil(LEAST / (TILE * layers.count));
  const { left, foot } = margins();
  const canvas = make("canvas", { width: panels.length * (GAP + left + side) + GAP, height: HEAD + side + foot + GAP });
  const context = canvas.getContext("2d");
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  panels.forEach(({ facts, view }, i) => {
    context.save();
    context.translate(GAP + left + i * (GAP + left + side), HEAD);
    context.fillStyle = colour("--ink");
    context.font = "600 15px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.fillText(facts.label, 0, -HEAD / 2, side);
    context.imageSmoothingEnabled = false;
    paintMap(context, side, view, layers);
    context.restore();
  });
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// What its file is called: the models, how many tiles, and where they lie.
export function nameOf(panels, { count, spacing }) {
  return fileName(`map ${panels.map(({ name }) => name).join(" and ")} ${count}x${count} ${spacing}`, "png");
}
