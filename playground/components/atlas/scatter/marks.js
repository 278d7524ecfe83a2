// What lies above the dots: names of the classes, rings, the outline, and the visitor's drawing.

import { placeOnMap } from "../../engine/latent/neighbours.js";
import { colour, font } from "../../ui/canvas.js";

const FEWEST = 8; // dots that a class needs for its name to be shown
const SIZE = { small: 15, large: 20 }; // px of a class's name

export function paintMarks(context, scatter) {
  const { width, height } = scatter.view;
  const ratio = context.canvas.width / width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (scatter.axes) paintAxes(context, scatter.view, scatter.axes);
  paintNames(context, scatter);
  if (scatter.outline.length > 1) paintOutline(context, scatter.outline);
  if (scatter.home) paintHome(context, scatter);
  if (scatter.hovered >= 0) ring(context, scatter.placeOf(scatter.hovered), scatter.radius + 4, "--ink");
}

// Each class's digit at the median of its dots: colour is not the only way to tell them apart.
function paintNames(context, scatter) {
  context.font = font(scatter.view.width > 600 ? SIZE.large : SIZE.small, 600);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 5;
  context.lineJoin = "round";
  context.strokeStyle = colour("--well");
  context.fillStyle = colour("--ink");
  for (const { name, point } of namesOf(scatter)) {
    const [x, y] = scatter.placeFor(point);
    context.strokeText(name, x, y);
    context.fillText(name, x, y);
  }
}

const known = new WeakMap(); // a scatter's names: they move with the view, and change with the dots

function namesOf(scatter) {
  const { points, labels, hidden, picked, classes } = scatter;
  const last = known.get(scatter);
  if (last && last.points === points && last.hidden === hidden && last.picked === picked) return last.names;
  const members = classes.map(() => []);
  for (let i = 0; i < labels.length; i++) {
    if (!hidden[labels[i]] && !(picked && !picked[i])) members[labels[i]].push(i);
  }
  const names = members.flatMap((indices, name) => {
    if (indices.length < FEWEST) return [];
    return [{ name, point: Float32Array.from([0, 1, 2], (axis) => median(indices, points, axis)) }];
  });
  known.set(scatter, { points, hidden, picked, names });
  return names;
}

function median(indices, points, axis) {
  return Float32Array.from(indices, (i) => points[3 * i + axis]).sort()[indices.length >> 1];
}

function paintOutline(context, outline) {
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = `color-mix(in srgb, ${colour("--accent")} 12%, transparent)`;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = colour("--accent");
  context.stroke();
}

const settled = new WeakMap(); // a scatter's place: it moves with the view, and changes with the dots and the drawing

function placeOf({ points, home }) {
  const last = settled.get(home);
  if (last?.points === points) return last.place;
  const place = placeOnMap(points, 3, home);
  settled.set(home, { points, place });
  return place;
}

// A cross in a ring where the drawing lies, and a thread to each digit that decides it.
function paintHome(context, scatter) {
  const { home, labels } = scatter;
  if (!home.indices.every((i) => i < labels.length)) return;
  const neighbours = home.indices.map((i) => scatter.placeOf(i));
  const place = home.weights && scatter.placeFor(placeOf(scatter));
  if (place) {
    stroked(context, 1, () => {
      context.beginPath();
      for (const neighbour of neighbours) {
        context.moveTo(...place);
        context.lineTo(neighbour[0], neighbour[1]);
      }
      context.stroke();
    });
  }
  for (const neighbour of neighbours) ring(context, neighbour, scatter.radius + 2.5, "--accent");
  if (place) stroked(context, 2.5, () => cross(context, ...place));
}

function cross(context, x, y) {
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    context.moveTo(x + 4 * dx, y + 4 * dy);
    context.lineTo(x + 14 * dx, y + 14 * dy);
  }
  context.stroke();
}

function ring(context, [x, y], radius, name) {
  stroked(context, 1.75, () => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }, name);
}

// Strokes twice: a line of the ground's colour below keeps the line apart from the dots.
function stroked(context, width, stroke, name = "--accent") {
  context.lineCap = "round";
  context.strokeStyle = colour("--well");
  context.lineWidth = width + 2.5;
  stroke();
  context.strokeStyle = colour(name);
  context.lineWidth = width;
  stroke();
}

// Axes, for maps whose two numbers mean something: a code of two numbers, or two components.

const APART = 48; // px between ticks, about
const TICK = 4;

// `axes` says what a point's 0 and 1 stand for: { centre: [x, y], scale }.
function paintAxes(context, view, { centre, scale }) {
  const { width, height, unit } = view;
  const step = evenStep((APART / unit) * scale);
  context.font = font(11);
  context.fillStyle = colour("--soft");
  context.strokeStyle = colour("--rule-strong");
  context.lineWidth = 1;
  context.beginPath();
  const toX = (value) => width / 2 + view.x + (unit * (value - centre[0])) / scale;
  const toY = (value) => height / 2 + view.y - (unit * (value - centre[1])) / scale;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const value of ticks(centre[0] + (scale * (-width / 2 - view.x)) / unit, (scale * width) / unit, step)) {
    const x = Math.round(toX(value)) + 0.5;
    context.moveTo(x, height);
    context.lineTo(x, height - TICK);
    if (x > 24 && x < width - 24) context.fillText(written(value, step), x, height - TICK - 2);
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const value of ticks(centre[1] + (scale * (view.y - height / 2)) / unit, (scale * height) / unit, step)) {
    const y = Math.round(toY(value)) + 0.5;
    context.moveTo(0, y);
    context.lineTo(TICK, y);
    if (y > 16 && y < height - 24) context.fillText(written(value, step), TICK + 3, y);
  }
  context.stroke();
}

function evenStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= least);
}

function ticks(from, length, step) {
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor((from + length) / step) - first + 1);
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

function written(value, step) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (Math.abs(value) < step / 2 ? 0 : value).toFixed(digits).replace("-", "−");
}
