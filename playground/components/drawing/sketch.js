// Drawings as text: strokes with their points on a grid, and pictures with their pixels. A drawing
// that went through text and back gives the very same ink, because the canvas draws on that grid.

import { toBytes, toText } from "../state/fragment.js";
import { pictureAction } from "../ui/inkwell.js";

const GRID = 1024; // steps across the canvas
const FAR = 8 * GRID; // a pen may leave the canvas, but not further
const TOOLS = ["pen", "eraser", "strokes", "picture"];
const MOST = 1024 * 1024; // bytes of a drawing that are read
const WIDEST = 128; // pixels along a picture

const snap = (value) => Math.round(value * GRID) / GRID;
const within = (value) => Math.max(-FAR, Math.min(FAR, Math.round(value * GRID))) / GRID;

// The point of the grid that is nearest.
export const snapped = ([x, y]) => [within(x), within(y)];

// An action of the history with everything on the grid.
export function onGrid(action) {
  if (action.tool === "strokes") {
    return { ...action, size: snap(action.size), strokes: action.strokes.map((points) => points.map(snapped)) };
  }
  return action.size ? { ...action, size: snap(action.size) } : action;
}

// The actions that can be seen, as text; an empty text for an empty canvas.
export async function encode(actions) {
  const seen = actions.filter(({ tool }) => tool !== "clear");
  if (!seen.length) return "";
  const bytes = [];
  for (const action of seen) {
    bytes.push(TOOLS.indexOf(action.tool));
    if (action.tool === "picture") writePicture(bytes, action);
    else writeStrokes(bytes, action.size, action.strokes ?? [action.points]);
  }
  return toText(Uint8Array.from(bytes));
}

// The actions that a text stands for; an Error if it is damaged.
export async function decode(text) {
  if (!text) return [];
  const reader = new Reader(await toBytes(text, MOST));
  const actions = [];
  while (reader.left) actions.push(readAction(reader));
  return actions;
}

function readAction(reader) {
  const tool = TOOLS[reader.byte()];
  if (tool === "picture") return readPicture(reader);
  if (!tool) throw new Error("There is no such tool.");
  const size = reader.number(1, GRID) / GRID;
  const strokes = Array.from({ length: reader.number(1, MOST) }, () => readPoints(reader));
  if (tool === "strokes") return { tool, size, strokes };
  if (strokes.length > 1) throw new Error("A pen draws one stroke at a time.");
  return { tool, size, points: strokes[0] };
}

function writePicture(bytes, { grey, width, height }) {
  writeNumber(bytes, width);
  writeNumber(bytes, height);
  bytes.push(...grey);
}

function readPicture(reader) {
  const [width, height] = [reader.number(1, WIDEST), reader.number(1, WIDEST)];
  return pictureAction(Uint8Array.from({ length: width * height }, () => reader.byte()), width, height);
}

// Each point as its way from the last one: most ways are short.
function writeStrokes(bytes, size, strokes) {
  writeNumber(bytes, Math.round(size * GRID));
  writeNumber(bytes, strokes.length);
  for (const points of strokes) {
    writeNumber(bytes, points.length);
    let last = [0, 0];
    for (const point of points) {
      const now = point.map((along) => Math.round(along * GRID));
      now.forEach((along, axis) => writeNumber(bytes, folded(along - last[axis])));
      last = now;
    }
  }
}

function readPoints(reader) {
  let at = [0, 0];
  return Array.from({ length: reader.number(1, MOST) }, () => {
    at = at.map((along) => along + unfolded(reader.number(0, 4 * FAR)));
    if (at.some((along) => Math.abs(along) > FAR)) throw new Error("A point is too far away.");
    return at.map((along) => along / GRID);
  });
}

// Whole numbers of both signs as numbers from 0: 0, -1, 1, -2, 2 …
const folded = (value) => (value < 0 ? -2 * value - 1 : 2 * value);
const unfolded = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

// Seven bits a byte; the eighth says that more follow.
function writeNumber(bytes, value) {
  let rest = value;
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  byte() {
    if (!this.left) throw new Error("The end is missing.");
    return this.bytes[this.at++];
  }

  number(low, high) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) break;
      if (shift > 14) throw new Error("A number is too large.");
    }
    if (value < low || value > high) throw new Error("A number is out of bounds.");
    return value;
  }
}
