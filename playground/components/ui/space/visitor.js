// The visitor's digit on a map: the mean of its code, its cloud, and samples from it.

import { gaussian } from "../../engine/random.js";
import { fit } from "../canvas.js";
import { font } from "../theme.js";

const SEGMENTS = 64;
const YELLOW = "#ffe14d"; // the visitor's, on every map

// `you` is { mean, spread }, where a code without a cloud has a spread of null.
export function paintVisitor(context, side, { x, y }, you, samples) {
  if (!you) return;
  const place = (z1, z2) => [x.to(z1) * side, (1 - y.to(z2)) * side];
  const [left, top] = place(...you.mean);
  paintCloud(context, you, samples, place);
  const [atX, atY] = [clamp(left, side), clamp(top, side)];
  const diamond = new Path2D();
  for (const [across, up] of [[0, -6], [6, 0], [0, 6], [-6, 0]]) diamond.lineTo(atX + across, atY + up);
  diamond.closePath();
  context.fillStyle = YELLOW;
  context.strokeStyle = "#000";
  context.lineWidth = 1.5;
  context.fill(diamond);
  context.stroke(diamond);
  context.font = font(12, 600);
  context.textAlign = atX > side - 70 ? "right" : "left";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.lineJoin = "round";
  const beside = atX > side - 70 ? atX - 12 : atX + 12;
  context.strokeText("yours", beside, atY);
  context.fillText("yours", beside, atY);
}

// The cloud alone, enlarged until it can be seen: clouds are often smaller than their mark.
export function paintLoupe(canvas, you, samples) {
  const side = canvas.clientWidth;
  if (!side) return;
  const context = fit(canvas, side, side);
  context.fillStyle = "#000";
  context.fillRect(0, 0, side, side);
  const scale = loupeScale(you, side);
  const place = (z1, z2) => [side / 2 + (z1 - you.mean[0]) * scale, side / 2 - (z2 - you.mean[1]) * scale];
  paintCloud(context, you, samples, place);
  context.fillStyle = YELLOW;
  context.fillRect(side / 2 - 4, side / 2 - 0.5, 8, 1);
  context.fillRect(side / 2 - 0.5, side / 2 - 4, 1, 8);
}

// Pixels of a loupe for each unit of the code: a little more than 3σ each way.
export function loupeScale({ spread }, side) {
  return side / (6.5 * Math.max(...spread));
}

// One and two standard deviations, and the samples.
function paintCloud(context, you, samples, place) {
  if (!you.spread) return;
  for (const sigma of [1, 2]) outlined(context, ellipse(you, sigma, place), sigma === 1 ? 1.5 : 1);
  for (const sample of samples) {
    const dot = new Path2D();
    dot.arc(...place(...sample), 2.5, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    outlined(context, dot, 1);
    context.fill(dot);
  }
}

// `count` codes drawn from the visitor's cloud.
export function samplesOf({ mean, spread }, count) {
  return Array.from({ length: count }, () => mean.map((middle, i) => middle + spread[i] * gaussian()));
}

export function ellipse({ mean, spread }, sigma, place) {
  const path = new Path2D();
  for (let step = 0; step <= SEGMENTS; step++) {
    const turn = (step / SEGMENTS) * 2 * Math.PI;
    const z1 = mean[0] + sigma * spread[0] * Math.cos(turn);
    path.lineTo(...place(z1, mean[1] + sigma * spread[1] * Math.sin(turn)));
  }
  return path;
}

function outlined(context, path, width) {
  context.strokeStyle = "#000";
  context.lineWidth = width + 2;
  context.stroke(path);
  context.strokeStyle = YELLOW;
  context.lineWidth = width;
  context.stroke(path);
}

// A digit that lies beyond the map is shown at its edge.
function clamp(value, side) {
  return Math.max(9, Math.min(value, side - 9));
}
