// What the layers of a model put out: named, and laid on tiles.

import { toBytes } from "../../../engine/numbers/float32.js";
import { SIDE } from "../../../state/input.js";
import { paintGrey, paintSigned } from "../../../ui/pixels.js";

const SHADES = 127; // of colour, by which the brightest units are told
const BRIGHT = 0.02; // of the units: they have the deepest colour, so that the others are seen too

// The activations of a model, and before them all the picture that it sees, in bytes.
export function stagesOf(picture, activations) {
  const seen = { part: "seen", kind: "", shape: [1, SIDE, SIDE], weights: 0, values: picture };
  return [seen, ...activations.map((stage) => (isPicture(stage) ? { ...stage, values: toBytes(stage.values) } : stage))];
}

export const countOf = (shape) => shape.reduce((product, each) => product * each, 1);

// What one unit puts out. Pictures are told from black 0 to white 1.
export function valueOf({ part, values }, unit) {
  return isPicture({ part }) ? values[unit] / 255 : values[unit];
}

export const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);

export const isPicture = ({ part }) => part === "seen" || part === "picture";

// Paints the units of a stage: maps one below the other, or units in rows of `columns`.
export function paintStage(canvas, stage, columns) {
  const [, height, width] = stage.shape;
  if (isPicture(stage)) return paintGrey(canvas, stage.values, width);
  const most = stage.part === "code" ? largest(stage.values) : bright(stage.values);
  if (height) return paintSigned(canvas, stage.values, width, stage.shape[0] * height, most);
  const rows = Math.ceil(stage.values.length / columns);
  return paintSigned(canvas, stage.values, columns, rows, most);
}

// The absolute value that only a few of these exceed.
export function bright(values) {
  const shade = largest(values) / SHADES;
  const counts = new Uint32Array(SHADES + 1);
  for (const value of values) counts[Math.round(Math.abs(value) / shade)]++;
  let left = BRIGHT * values.length;
  for (let most = SHADES; most > 1; most--) {
    left -= counts[most];
    if (left < 0) return most * shade;
  }
  return shade;
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
