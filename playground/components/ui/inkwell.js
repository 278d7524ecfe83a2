// Small grey pictures as ink on the canvas, and how any part of the page puts one there.

import { contextOf } from "./canvas.js";

/** @typedef {{ tool: "picture", grey: Uint8Array, width: number, height: number, bitmap: HTMLCanvasElement }} Picture */

const ENOUGH = 400; // pixels along the enlarged picture
const STEEP = 8; // how much steeper its edges are made

// Puts a picture of grey bytes on the canvas, where it can be drawn on, and says where it is from.
/** @type {(grey: Uint8Array, side: number, sentence: string) => void} */
export function putOnCanvas(grey, side, sentence) {
  const detail = { action: pictureAction(grey, side, side), sentence };
  document.dispatchEvent(new CustomEvent("put", { detail }));
}

// Calls back with each picture that is put on the canvas, until `signal` is aborted.
/** @type {(callback: (action: Picture, sentence: string) => unknown, signal: AbortSignal) => void} */
export function onPut(callback, signal) {
  document.addEventListener("put", (/** @type {any} */ { detail }) => callback(detail.action, detail.sentence), { signal });
}

// What drawing a picture of grey bytes is in the history of the canvas.
/** @type {(grey: Uint8Array, width: number, height: number) => Picture} */
export function pictureAction(grey, width, height) {
  return { tool: "picture", grey, width, height, bitmap: inkOf(grey, width, height) };
}

// The picture as ink with smooth edges: enlarged, then each edge made as steep as a pen's.
/** @type {(grey: Uint8Array, width: number, height: number) => HTMLCanvasElement} */
function inkOf(grey, width, height) {
  const small = surface(width, height);
  const pixels = new ImageData(width, height);
  grey.forEach((value, i) => pixels.data.set([255, 255, 255, value], 4 * i));
  small.putImageData(pixels, 0, 0);
  const large = enlarge(small);
  const picture = large.getImageData(0, 0, large.canvas.width, large.canvas.height);
  for (let i = 3; i < picture.data.length; i += 4) {
    picture.data[i] = 255 * Math.min(1, Math.max(0, (picture.data[i] / 255 - 0.5) * STEEP + 0.5));
  }
  large.putImageData(picture, 0, 0);
  return large.canvas;
}

// Doubling several times is smoother than enlarging in one go.
/** @type {(context: CanvasRenderingContext2D) => CanvasRenderingContext2D} */
function enlarge(context) {
  const { canvas } = context;
  if (canvas.width >= ENOUGH) return context;
  const doubled = surface(2 * canvas.width, 2 * canvas.height);
  doubled.drawImage(canvas, 0, 0, doubled.canvas.width, doubled.canvas.height);
  return enlarge(doubled);
}

/** @type {(width: number, height: number) => CanvasRenderingContext2D} */
function surface(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return contextOf(canvas);
}
