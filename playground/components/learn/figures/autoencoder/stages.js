// What the layers of a model put out, as live/activations tells it: read, named, and laid on tiles.

import { paintGrey, paintSigned } from "../../../ui/pixels.js";

const FULL = 127; // the signed byte that means `most`
const BRIGHT = 0.02; // of the units: they have the deepest colour, so that the others are seen too

// The stages of a reply, the picture that the model sees before them all. Each has a `surface`: a
// small canvas with a pixel for each of its units.
export function readStages({ header: { side, stages }, bytes, floats }) {
  const seen = { part: "seen", kind: "", shape: [1, side, side], weights: 0, most: 255, values: bytes(side * side) };
  return [seen, ...stages.map((stage) => read(stage, { bytes, floats }))];
}

function read(stage, { bytes, floats }) {
  const count = countOf(stage.shape);
  if (stage.part === "picture") return { ...stage, most: 255, values: bytes(count) };
  if (stage.part !== "code") return { ...stage, values: new Int8Array(bytes(count).buffer) };
  const values = floats(count);
  return { ...stage, values, most: values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6) };
}

export const countOf = (shape) => shape.reduce((product, each) => product * each, 1);

// What one unit puts out. Pictures are told from black 0 to white 1.
export function valueOf({ part, values, most }, unit) {
  if (part === "code") return values[unit];
  return values[unit] * (most / (isPicture({ part }) ? 255 * 255 : FULL));
}

export const isPicture = ({ part }) => part === "seen" || part === "picture";

// Paints the units of a stage: maps one below the other, or units in rows of `columns`.
export function paintStage(canvas, stage, columns) {
  const [, height, width] = stage.shape;
  if (isPicture(stage)) return paintGrey(canvas, stage.values, width);
  const most = stage.part === "code" ? stage.most : bright(stage.values);
  if (height) return paintSigned(canvas, stage.values, width, stage.shape[0] * height, most);
  const rows = Math.ceil(stage.values.length / columns);
  return paintSigned(canvas, stage.values, columns, rows, most);
}

// The absolute value that only a few of these signed bytes exceed.
export function bright(values) {
  const counts = new Uint32Array(FULL + 2);
  for (const value of values) counts[Math.abs(value)]++;
  let left = BRIGHT * values.length;
  for (let most = FULL; most > 1; most--) {
    left -= counts[most];
    if (left < 0) return most;
  }
  return 1;
}

// "encoder, layer 2": stages are counted within their part.
export function nameOf(stages, at) {
  const { part } = stages[at];
  if (part === "seen") return "what the model sees";
  if (part === "picture") return "reconstruction";
  if (part === "code") return "code";
  return `${part}, layer ${stages.slice(0, at + 1).filter((stage) => stage.part === part).length}`;
}

// How many of what a stage has, in words.
export function sizeOf({ part, shape: [count, height, width] }) {
  if (part === "seen" || part === "picture") return `${width} × ${height} pixels`;
  if (height) return `${count} maps of ${width} × ${height}`;
  return `${count} ${part === "code" ? "numbers" : "units"}`;
}

// Which unit this is, counted from 1 as people count.
export function unitName({ part, shape: [, height, width] }, unit) {
  if (part === "code") return `number ${unit + 1}`;
  if (!height) return `unit ${unit + 1}`;
  const place = unit % (height * width);
  const where = `row ${Math.floor(place / width) + 1}, column ${(place % width) + 1}`;
  return part === "seen" || part === "picture" ? where : `map ${Math.floor(unit / (height * width)) + 1}, ${where}`;
}
