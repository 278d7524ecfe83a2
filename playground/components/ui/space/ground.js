// What lies under the point of a map: tiles, nonsense, density, circles of the prior, codes, and the scale.

import { colour as themed, font, sizeOf } from "../canvas.js";
import { signed } from "../numbers.js";

/**
 * @import { Scale } from "./scale.js"
 * @import { Place } from "./visitor.js"
 * @typedef {any} View scales, tiles, codes, labels, medians, density, prior, square and colours of a map
 * @typedef {{ tiles: boolean, nonsense: boolean, codes: boolean, density: boolean, circles: boolean, classes: Set<number> }} Layers
 */

const DIMMED = 0.4; // of the tiles while codes lie on them
const RASTER = 160; // pixels along the picture of the density

// Paints the layers that are on. `view` is { scales, tiles, codes, labels, medians, density, prior }.
/** @type {(context: CanvasRenderingContext2D, side: number, view: View, layers: Layers) => void} */
export function paintMap(context, side, view, layers) {
  const { scales: { x, y } } = view;
  /** @type {Place} */
  const place = (z1, z2) => [x.to(z1) * side, (1 - y.to(z2)) * side];
  context.fillStyle = "#000";
  context.fillRect(0, 0, side, side);
  context.save();
  context.beginPath();
  context.rect(0, 0, side, side);
  context.clip();
  if (layers.tiles && view.tiles) {
    context.globalAlpha = (layers.codes && view.labels.length) || layers.density ? DIMMED : 1;
    context.imageSmoothingQuality = "high";
    context.drawImage(view.tiles, 0, 0, side, side);
    context.globalAlpha = 1;
  }
  if (layers.nonsense && view.digits) paintNonsense(context, side, view);
  if (layers.density && view.density) paintDensity(context, side, view);
  if (layers.codes) paintCodes(context, view, layers.classes, place);
  if (layers.circles && view.prior) paintCircles(context, place);
  if (layers.codes) paintMedians(context, view, layers.classes, place);
  context.restore();
  paintScale(context, side, view.scales);
}

/** @type {(context: CanvasRenderingContext2D, view: View, classes: Set<number>, place: Place) => void} */
function paintCodes(context, { codes, labels, colours }, classes, place) {
  /** @type {Path2D[]} */
  const byClass = colours.map(() => new Path2D());
  for (let i = 0; i < labels.length; i++) {
    if (!classes.has(labels[i])) continue;
    const [left, top] = place(codes[2 * i], codes[2 * i + 1]);
    byClass[labels[i]].rect(left - 1, top - 1, 2, 2);
  }
  context.globalAlpha = 0.85;
  byClass.forEach((dots, label) => {
    context.fillStyle = colours[label];
    context.fill(dots);
  });
  context.globalAlpha = 1;
}

// The second cue beside the colour.
/** @type {(context: CanvasRenderingContext2D, view: View, classes: Set<number>, place: Place) => void} */
function paintMedians(context, { medians }, classes, place) {
  context.font = font(15, 700);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  medians.forEach((/** @type {number[] | null} */ median, /** @type {number} */ label) => {
    if (!median || !classes.has(label)) return;
    const [left, top] = place(median[0], median[1]);
    context.strokeStyle = "#000";
    context.lineWidth = 5;
    context.strokeText(String(label), left, top);
    context.fillStyle = "#fff";
    context.fillText(String(label), left, top);
  });
}

// Where one, two and three standard deviations of N(0, I) lie.
/** @type {(context: CanvasRenderingContext2D, place: Place) => void} */
function paintCircles(context, place) {
  for (const sigma of [1, 2, 3]) {
    const ring = new Path2D();
    for (let turn = 0; turn <= 96; turn++) {
      const angle = (turn / 96) * 2 * Math.PI;
      ring.lineTo(...place(sigma * Math.cos(angle), sigma * Math.sin(angle)));
    }
    context.strokeStyle = "#000a";
    context.lineWidth = 3;
    context.stroke(ring);
    context.strokeStyle = "#fffd";
    context.lineWidth = 1.25;
    context.setLineDash(sigma === 1 ? [] : [6 / sigma, 3]);
    context.stroke(ring);
    context.setLineDash([]);
    const [left, top] = place(0.7071 * sigma, 0.7071 * sigma);
    context.font = font(11, 600);
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.strokeStyle = "#000";
    context.strokeText(`${sigma}σ`, left, top - 2);
    context.fillStyle = "#fff";
    context.fillText(`${sigma}σ`, left, top - 2);
  }
}

/** @type {(context: CanvasRenderingContext2D, side: number, view: View) => void} */
function paintDensity(context, side, view) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(view.colour.slice(at, at + 2), 16));
  paintRaster(context, side, view, view.density, RASTER, (height) => [red, green, blue, 0.9 * height]);
}

// Shades the places whose pictures are no digits, with lines across for who cannot tell the colour.
/** @type {(context: CanvasRenderingContext2D, side: number, view: View) => void} */
function paintNonsense(context, side, view) {
  const { limit } = view.digits;
  paintRaster(context, side, view, view.digits, 2 * RASTER, (unlike, row, column) => {
    if (unlike <= limit) return null;
    return (row + column) % 14 < 2 ? [255, 190, 176, 200] : [200, 30, 45, 120];
  });
}

// What a raster says all over the map: `paint` gives red, green, blue and opacity, or null for none.
/** @type {(context: CanvasRenderingContext2D, side: number, view: View, raster: { side: number, bytes: Uint8Array }, count: number, paint: (value: number, row: number, column: number) => number[] | null) => void} */
function paintRaster(context, side, { scales, square }, raster, count, paint) {
  const image = new ImageData(count, count);
  const at = (/** @type {number} */ value, /** @type {number} */ centre) => ((value - centre) / square.half + 1) / 2;
  for (let row = 0; row < count; row++) {
    const down = 1 - at(scales.y.from(1 - (row + 0.5) / count), square.centre[1]);
    for (let column = 0; column < count; column++) {
      const across = at(scales.x.from((column + 0.5) / count), square.centre[0]);
      const colour = paint(sampled(raster, across, down), row, column);
      if (colour) image.data.set(colour, 4 * (row * count + column));
    }
  }
  const picture = new OffscreenCanvas(count, count);
  picture.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, side, side);
}

// The raster between its points, at a place from 0 to 1 both ways.
/** @type {(density: { side: number, bytes: Uint8Array }, across: number, down: number) => number} */
function sampled({ side, bytes }, across, down) {
  const [x, y] = [across, down].map((share) => Math.max(0, Math.min(share, 1)) * (side - 1));
  const [left, top] = [x, y].map((value) => Math.min(side - 2, Math.floor(value)));
  const [right, low] = [x - left, y - top];
  const corner = top * side + left;
  return (
    (1 - low) * ((1 - right) * bytes[corner] + right * bytes[corner + 1]) +
    low * ((1 - right) * bytes[corner + side] + right * bytes[corner + side + 1])
  );
}

// Ticks with their numbers, left of the square and below it.
/** @type {(context: CanvasRenderingContext2D, side: number, scales: { x: Scale, y: Scale }) => void} */
export function paintScale(context, side, { x, y }) {
  context.fillStyle = themed("--soft");
  context.strokeStyle = themed("--rule-strong");
  context.lineWidth = 1;
  const size = sizeOf(11);
  const most = Math.min(6, side / (1.6 * size));
  context.font = font(11);
  context.textBaseline = "top";
  // Fewer below the square, where its numbers stand beside each other.
  const wide = (/** @type {number[]} */ found) => Math.max(...found.map((value) => context.measureText(signed(value)).width)) + size / 2;
  let below = ticks(x, most);
  for (let fewer = most - 0.5; tooClose(below, x, wide(below) / side) && fewer > 1; fewer -= 0.5) below = ticks(x, fewer);
  for (const value of below) {
    const left = Math.round(x.to(value) * side) + 0.5;
    line(context, left, side, left, side + 4);
    context.textAlign = left < size ? "left" : left > side - size ? "right" : "center";
    context.fillText(signed(value), left, side + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(y, most)) {
    const top = Math.round((1 - y.to(value)) * side) + 0.5;
    line(context, -4, top, 0, top);
    context.fillText(signed(value), -6, Math.max(size / 2, Math.min(top, side - size / 2)));
  }
}

/** @type {(context: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number) => void} */
function line(context, fromX, fromY, toX, toY) {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

// If two neighbours are closer than a share of the side.
/** @type {(values: number[], scale: Scale, share: number) => boolean} */
const tooClose = (values, { to }, share) => values.some((value, i) => i > 0 && to(value) - to(values[i - 1]) < share);

// About `most` round numbers within the scale that do not crowd each other.
/** @type {(scale: Scale, most: number) => number[]} */
function ticks({ low, high, to }, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  /** @type {number[]} */
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + 1e-9; value += step) {
    const crowded = found.length && to(value) - to(found[found.length - 1]) < 0.07;
    if (!crowded || Math.abs(value) < step / 2) found.push(Math.abs(value) < step / 2 ? 0 : value);
  }
  return found;
}
