// Pictures of pixels: hard edges, one canvas pixel each; the style sheet enlarges them.

import { contextOf, dark } from "./canvas.js";

const LIMIT = 0.5; // differences beyond this look the same

// Blue: ink is missing. Orange: ink was added. Both themes rest on their own background.
const RAMPS = {
  light: [[8, 81, 156], [107, 174, 214], [245, 245, 243], [253, 160, 90], [179, 71, 0]],
  dark: [[159, 208, 255], [47, 120, 184], [21, 24, 27], [190, 98, 24], [255, 200, 145]],
};

const BLACK = 0xff000000; // a pixel, as it lies in an ImageData: its alpha is its highest byte, its red the lowest

/** @type {(colour: Iterable<number>) => number} */
const pixel = ([red, green, blue]) => BLACK + 0x10000 * blue + 0x100 * green + red;

// Black 0 to white 255.
/** @type {(canvas: HTMLCanvasElement, grey: Uint8Array, side: number) => void} */
export function paintGrey(canvas, grey, side) {
  paint(canvas, side, side, (i) => BLACK + 0x010101 * grey[i]);
}

// Picture minus clean picture, on the diverging scale.
/** @type {(canvas: HTMLCanvasElement, picture: Uint8Array, clean: Uint8Array, side: number) => void} */
export function paintDifference(canvas, picture, clean, side) {
  const colours = ramp();
  paint(canvas, side, side, (i) => colours[level((picture[i] - clean[i]) / 255 / LIMIT)]);
}

// Any numbers on the same scale, whose ends are -most and most.
/** @type {(canvas: HTMLCanvasElement, values: ArrayLike<number>, width: number, height: number, most: number) => void} */
export function paintSigned(canvas, values, width, height, most) {
  const colours = ramp();
  paint(canvas, width, height, (i) => colours[level(most ? values[i] / most : 0)]);
}

// The scale itself, from its lower to its upper end.
/** @type {(canvas: HTMLCanvasElement) => void} */
export function paintRamp(canvas) {
  const colours = ramp();
  paint(canvas, colours.length, 1, (i) => colours[i]);
}

/** @type {(canvas: HTMLCanvasElement, side: number) => void} */
export function paintNothing(canvas, side) {
  canvas.width = canvas.height = side;
}

// Red, green and blue bytes, pixel by pixel.
/** @type {(canvas: HTMLCanvasElement, rgb: Uint8Array, side: number) => void} */
export function paintColour(canvas, rgb, side) {
  paint(canvas, side, side, (i) => pixel(rgb.subarray(3 * i, 3 * i + 3)));
}

// A mask beside the true one: white where both are, and in two colours where only one of them is.
const BOTH = pixel([255, 255, 255]);
const ONLY_FOUND = pixel([230, 140, 40]); // orange
const ONLY_TRUE = pixel([70, 130, 220]); // blue

/** @type {(canvas: HTMLCanvasElement, mask: Uint8Array, truth: Uint8Array, side: number) => void} */
export function paintMask(canvas, mask, truth, side) {
  paint(canvas, side, side, (i) => {
    if (mask[i]) return truth[i] ? BOTH : ONLY_FOUND;
    return truth[i] ? ONLY_TRUE : BLACK;
  });
}

/** @type {(canvas: HTMLCanvasElement, width: number, height: number, pixelOf: (i: number) => number) => void} */
function paint(canvas, width, height, pixelOf) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = pixelOf(i);
  contextOf(canvas).putImageData(image, 0, 0);
}

const LEVELS = 255;
/** @type {{ [theme: string]: number[] }} pixels */
const cache = {};

function ramp() {
  const theme = dark() ? "dark" : "light";
  cache[theme] ??= Array.from({ length: LEVELS }, (_, i) => (
    pixel(Uint8ClampedArray.from(between(RAMPS[theme], i / (LEVELS - 1))))
  ));
  return cache[theme];
}

/** @type {(stops: number[][], share: number) => number[]} */
function between(stops, share) {
  const at = share * (stops.length - 1);
  const first = Math.min(stops.length - 2, Math.floor(at));
  return stops[first].map((from, channel) => from + (stops[first + 1][channel] - from) * (at - first));
}

// The place on the ramp of a number from -1 to 1; what lies beyond is at its ends.
/** @type {(share: number) => number} */
function level(share) {
  return Math.round(((Math.min(1, Math.max(-1, share)) + 1) / 2) * (LEVELS - 1));
}
