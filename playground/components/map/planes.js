// Flat pieces of a longer code's space: along two of its numbers, or through three digits.

import { axes, corners } from "../engine/latent/planes.js";
import { input } from "../state/input.js";
import { font } from "../ui/canvas.js";
import { paintScale } from "../ui/space/ground.js";
import { evenScale } from "../ui/space/scale.js";

const HEIGHT = Math.sqrt(3) / 2; // of a triangle of side 1
const REACH = 0.9; // half a side of the square about the triangle
const CORNERS = [[0, 0], [1, 0], [0.5, HEIGHT]];

// A plane has its scales; `lay` gives it to decode, and throws where three codes lie on a line.

// The plane on which two numbers of `code` change, `first` to the right and `second` up.
export function axesPlane(code, first, second, ranges) {
  const scales = { x: evenScale(...ranges[first]), y: evenScale(...ranges[second]) };
  return {
    scales,
    term: "place",
    lay: () => axes(code, first, second),
    codeAt: (x, y, now) => now.with(first, x).with(second, y),
    pointOf: (now) => [now[first], now[second]],
    numbers: (x, y) => [[`z${first + 1}`, x], [`z${second + 1}`, y]],
    paint: (context, side) => paintScale(context, side, scales),
  };
}

// The plane through three codes, laid out as an equilateral triangle.
export function cornersPlane([a, b, c], names) {
  const right = a.map((value, i) => b[i] - value);
  const up = c.map((value, i) => (value - (a[i] + b[i]) / 2) / HEIGHT);
  const scales = { x: evenScale(0.5 - REACH, 0.5 + REACH), y: evenScale(HEIGHT / 2 - REACH, HEIGHT / 2 + REACH) };
  return {
    scales,
    term: "weights",
    lay: () => corners(a, b, c),
    codeAt: (x, y) => a.map((value, i) => value + x * right[i] + y * up[i]),
    pointOf: () => null,
    numbers: (x, y) => barycentric(x, y).map((weight, i) => [`Weight of ${names[i]}`, weight]),
    paint: (context, side) => paintTriangle(context, side, scales, names),
  };
}

// How much of each corner is in a point; the three add to 1.
function barycentric(x, y) {
  const third = y / HEIGHT;
  const second = x - third / 2;
  return [1 - second - third, second, third];
}

function paintTriangle(context, side, { x, y }, names) {
  const places = CORNERS.map(([across, up]) => [x.to(across) * side, (1 - y.to(up)) * side]);
  const triangle = new Path2D();
  for (const place of places) triangle.lineTo(...place);
  triangle.closePath();
  context.lineJoin = "round";
  for (const [colour, width] of [["#000", 4], ["#ffe14d", 1.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(triangle);
  }
  context.font = font(14, 700);
  context.textAlign = "center";
  context.textBaseline = "middle";
  places.forEach(([left, top], i) => {
    const beside = top + (i === 2 ? -14 : 15);
    context.strokeStyle = "#000";
    context.lineWidth = 5;
    context.strokeText(names[i], left, beside);
    context.fillStyle = "#ffe14d";
    context.fillText(names[i], left, beside);
  });
}

// The place in a longer code that a link names. It holds as long as the drawing and the digits in
// the slots are those of the link, and until the visitor moves.

const LONGEST = 1024; // numbers of a code that a link may name

// How many numbers name a place of a model on a plane of this kind.
export function countOf(model, kind) {
  return kind === "axes" ? Math.min(model?.code ?? 1, LONGEST) : 2;
}

export class Wanted {
  // What a link says of a model on a plane of this kind.
  constructor({ name }, kind, { axes: numbers, place, sources = [] }) {
    this.axes = numbers && numbers[0] !== numbers[1] ? numbers.map((number) => number - 1) : null;
    Object.assign(this, { name, kind, place, sources, ink: input.ink.value });
  }

  // The place for this model and plane, null if there is none.
  at(name, kind, slots) {
    const same = name === this.name && kind === this.kind && input.ink.value === this.ink;
    const held = this.sources.every((source, i) => source === null || source === slots[i].source);
    return same && held ? this.place : null;
  }
}
