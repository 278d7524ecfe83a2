// The visitor's digit on a map: the mean of its code, its cloud, and samples from it.

import { ellipse as outline } from "../../engine/latent/sampling.js";
import { gaussian } from "../../engine/numbers/random.js";
import { fit, font } from "../canvas.js";

/**
 * @import { Scale } from "./scale.js"
 * @typedef {{ mean: number[], spread: number[] | null }} Posterior of the visitor's digit; a code without a cloud has no spread
 * @typedef {(z1: number, z2: number) => [number, number]} Place where on the canvas a code lies
 */

const YELLOW = "#ffe14d"; // the visitor's, on every map

// `you` is { mean, spread }, where a code without a cloud has a spread of null.
/** @type {(context: CanvasRenderingContext2D, side: number, scales: { x: Scale, y: Scale }, you: Posterior | null, samples: number[][]) => void} */
export function paintVisitor(context, side, { x, y }, you, samples) {
  if (!you) return;
  /** @type {Place} */
  const place = (z1, z2) => [x.to(z1) * side, (1 - y.to(z2)) * side];
  const [left, top] = place(you.mean[0], you.mean[1]);
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
/** @type {(canvas: HTMLCanvasElement, you: Posterior, samples: number[][]) => void} */
export function paintLoupe(canvas, you, samples) {
  const side = canvas.clientWidth;
  if (!side) return;
  const context = fit(canvas, side, side);
  context.fillStyle = "#000";
  context.fillRect(0, 0, side, side);
  const scale = loupeScale(you, side);
  /** @type {Place} */
  const place = (z1, z2) => [side / 2 + (z1 - you.mean[0]) * scale, side / 2 - (z2 - you.mean[1]) * scale];
  paintCloud(context, you, samples, place);
  context.fillStyle = YELLOW;
  context.fillRect(side / 2 - 4, side / 2 - 0.5, 8, 1);
  context.fillRect(side / 2 - 0.5, side / 2 - 4, 1, 8);
}

// Pixels of a loupe for each unit of the code: a little more than 3σ each way.
/** @type {(you: Posterior, side: number) => number} */
export function loupeScale({ spread }, side) {
  return side / (6.5 * Math.max(...(spread ?? [1])));
}

// One and two standard deviations, and the samples.
/** @type {(context: CanvasRenderingContext2D, you: Posterior, samples: number[][], place: Place) => void} */
function paintCloud(context, you, samples, place) {
  if (!you.spread) return;
  for (const sigma of [1, 2]) outlined(context, ellipse(you, sigma, place), sigma === 1 ? 1.5 : 1);
  for (const sample of samples) {
    const dot = new Path2D();
    dot.arc(...place(sample[0], sample[1]), 2.5, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    outlined(context, dot, 1);
    context.fill(dot);
  }
}

// `count` codes drawn from the visitor's cloud.
/** @type {(you: Posterior, count: number) => number[][]} */
export function samplesOf({ mean, spread }, count) {
  return Array.from({ length: count }, () => mean.map((middle, i) => middle + (spread?.[i] ?? 0) * gaussian()));
}

/** @type {(you: Posterior, sigma: number, place: Place) => Path2D} */
export function ellipse({ mean, spread }, sigma, place) {
  const path = new Path2D();
  const points = outline(mean, spread ?? [0, 0], sigma);
  for (let i = 0; i < points.length; i += 2) path.lineTo(...place(points[i], points[i + 1]));
  return path;
}

/** @type {(context: CanvasRenderingContext2D, path: Path2D, width: number) => void} */
function outlined(context, path, width) {
  context.strokeStyle = "#000";
  context.lineWidth = width + 2;
  context.stroke(path);
  context.strokeStyle = YELLOW;
  context.lineWidth = width;
  context.stroke(path);
}

// A digit that lies beyond the map is shown at its edge.
/** @type {(value: number, side: number) => number} */
function clamp(value, side) {
  return Math.max(9, Math.min(value, side - 9));
}
