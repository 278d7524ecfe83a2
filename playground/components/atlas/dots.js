// Thousands of dots on a canvas, fast: each kind of dot is drawn once and then copied.

import { colour, dark } from "../page/page.js";

const DEPTHS = 8; // steps from far to near
const FAINT_ROW = DEPTHS;
const PICKED_ROW = DEPTHS + 1; // a ring tells those picked out apart, whatever their colour
const ROWS = DEPTHS + 2;
const FAINT = 0.13; // opacity of dots that are not meant
const FAR = 0.25; // how much of its colour the farthest dot keeps

let stamps = null;

// Draws the dots of `places` (x, y, nearness), `labels` deciding the colour. Dots of hidden
// classes are left out; if some are `picked`, the others are faint.
export function paintDots(context, { places, order, labels, hidden, picked, radius, ratio, classes }) {
  const { sheet, size, half } = stampsFor(radius, ratio, classes);
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  for (let pass = picked ? 0 : 1; pass < 2; pass++) {
    for (let at = 0; at < labels.length; at++) {
      const i = order ? order[at] : at;
      if (hidden[labels[i]]) continue;
      if (picked && picked[i] !== pass) continue;
      const x = Math.round(ratio * places[3 * i]) - half;
      const y = Math.round(ratio * places[3 * i + 1]) - half;
      if (x < -size || y < -size || x > width || y > height) continue;
      const row = picked ? FAINT_ROW + pass : Math.round((DEPTHS - 1) * places[3 * i + 2]);
      context.drawImage(sheet, labels[i] * size, row * size, size, size, x, y, size, size);
    }
  }
}

// Indices from the farthest point to the nearest, into `order`.
export function byDepth(places, order) {
  const steps = 64;
  const starts = new Uint32Array(steps + 1);
  const step = (i) => Math.min(steps - 1, Math.floor(steps * places[3 * i + 2]));
  for (let i = 0; i < order.length; i++) starts[step(i) + 1]++;
  for (let s = 1; s <= steps; s++) starts[s] += starts[s - 1];
  for (let i = 0; i < order.length; i++) order[starts[step(i)]++] = i;
}

// One stamp a class and depth, then a row of faint ones and a row of those picked out.
function stampsFor(radius, ratio, classes) {
  const exact = Math.max(1, Math.round(4 * radius * ratio) / 4);
  const key = `${exact} ${ratio} ${dark()}`;
  if (stamps?.key === key) return stamps;
  const half = Math.ceil(exact + ratio + 1);
  const size = 2 * half + 1;
  const sheet = document.createElement("canvas");
  sheet.width = size * classes.length;
  sheet.height = size * ROWS;
  const context = sheet.getContext("2d");
  context.lineWidth = ratio;
  context.strokeStyle = colour("--ink");
  for (let row = 0; row < ROWS; row++) {
    const nearness = row < DEPTHS ? row / (DEPTHS - 1) : 1;
    const kept = Math.round(100 * (FAR + (1 - FAR) * nearness));
    context.globalAlpha = row === FAINT_ROW ? FAINT : 1;
    classes.forEach((fill, column) => {
      context.fillStyle = `color-mix(in srgb, ${fill} ${kept}%, ${colour("--well")})`;
      context.beginPath();
      context.arc((column + 0.5) * size, (row + 0.5) * size, exact * (0.65 + 0.35 * nearness), 0, 2 * Math.PI);
      context.fill();
      if (row === PICKED_ROW) context.stroke();
    });
  }
  stamps = { key, sheet, size, half };
  return stamps;
}
