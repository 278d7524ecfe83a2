// A code as a picture of bars around zero; a cloud also shows one standard deviation each way.

import { colour as themed, contextOf } from "./canvas.js";

/** @typedef {{ mean: Float32Array, spread: Float32Array }} Cloud */

const PER_ROW = 64;
const PRIOR = 3; // standard deviations of N(0, 1) that a variational code's scale starts from

// Draws the code in the colour of its model. Long codes go on in the next row.
/** @type {(canvas: HTMLCanvasElement, code: Float32Array | null | undefined, cloud: Cloud | null | undefined, colour: string) => void} */
export function paintBars(canvas, code, cloud, colour) {
  const { context, width, height } = fitted(canvas);
  if (!code || !width) return;
  const rows = Math.ceil(code.length / PER_ROW);
  const columns = Math.ceil(code.length / rows);
  const scale = largest(code, cloud);
  const pitch = width / columns;
  const band = height / rows;
  const signed = cloud || code.some((value) => value < 0);
  const reach = (signed ? 0.48 : 0.9) * band;
  // Wide codes are mostly zeros: their few bars may overlap, but they must be seen.
  const bar = pitch >= 4 ? pitch - Math.max(1, pitch / 5) : Math.max(2, 0.85 * pitch);
  for (let row = 0; row < rows; row++) {
    const zero = band * (row + (signed ? 0.5 : 0.95));
    context.fillStyle = themed("--rule-strong");
    context.fillRect(0, Math.round(zero) - 0.5, width, 1);
    context.fillStyle = colour;
    for (let i = 0; i < columns && row * columns + i < code.length; i++) {
      const value = code[row * columns + i] / scale;
      const left = i * pitch + (pitch - bar) / 2;
      context.fillRect(left, Math.min(zero, zero - value * reach), bar, Math.abs(value) * reach);
    }
  }
  if (cloud) paintCloud(context, cloud, { scale, pitch, zero: height / 2, reach });
}

/** @type {(context: CanvasRenderingContext2D, cloud: Cloud, place: { scale: number, pitch: number, zero: number, reach: number }) => void} */
function paintCloud(context, { mean, spread }, { scale, pitch, zero, reach }) {
  context.fillStyle = themed("--ink");
  mean.forEach((middle, i) => {
    const top = zero - ((middle + spread[i]) / scale) * reach;
    const bottom = zero - ((middle - spread[i]) / scale) * reach;
    context.fillRect((i + 0.5) * pitch - 0.5, top, 1, bottom - top);
  });
}

/** @type {(code: Float32Array, cloud: Cloud | null | undefined) => number} */
function largest(code, cloud) {
  const most = code.reduce((sofar, value) => Math.max(sofar, Math.abs(value)), cloud ? PRIOR : 1e-6);
  if (!cloud) return most;
  return cloud.mean.reduce((sofar, middle, i) => Math.max(sofar, Math.abs(middle) + cloud.spread[i]), most);
}

/** @type {WeakMap<HTMLCanvasElement, { width: number, height: number }>} */
let sizes = new WeakMap(); // measured once, because measuring between changes is slow
addEventListener("resize", () => (sizes = new WeakMap()));

/** @type {(canvas: HTMLCanvasElement) => { width: number, height: number }} */
function sizeOf(canvas) {
  const known = sizes.get(canvas);
  if (known) return known;
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  if (size.width) sizes.set(canvas, size);
  return size;
}

// The canvas cleared, one pixel per screen pixel, its unit one pixel of the page.
/** @type {(canvas: HTMLCanvasElement) => { context: CanvasRenderingContext2D, width: number, height: number }} */
function fitted(canvas) {
  const { width, height } = sizeOf(canvas);
  const [wide, high] = [width, height].map((side) => Math.round(side * devicePixelRatio));
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const context = contextOf(canvas);
  if (width) context.setTransform(wide / width, 0, 0, high / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
