// Axes, for maps whose two numbers mean something: a code of two numbers, or two components.

import { colour } from "../ui/theme.js";

const APART = 48; // px between ticks, about
const TICK = 4;

// `axes` says what a point's 0 and 1 stand for: { centre: [x, y], scale }.
export function paintAxes(context, view, { centre, scale }) {
  const { width, height, unit } = view;
  const step = evenStep((APART / unit) * scale);
  context.font = "11px system-ui, sans-serif";
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
