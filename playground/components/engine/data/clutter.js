// Backgrounds made up of gradients, ripples, blobs and lines, with the stroke in front of them; the
// same with the same seeds as in vae_core/data/clutter.py, but for the last digits.

import { clamp } from "../numbers/float32.js";
import { generator } from "../numbers/random.js";

/** @typedef {(count: number, low: number, high: number) => number[]} Uniform */

const SIDE = 28;
const BLOBS = 4; // in front of a background, at most
const LINES = 6; // as thick as strokes are, at most
const BRIGHTEST = 0.6; // that the background of a picture is on average, where nothing lies on it
const LEAST_CONTRAST = 0.3; // of a stroke, as a share of what there is between its surroundings and white

// The stroke of a white-on-black image, 28x28 from 0 to 1, in front of a background that the seed makes up.
/** @type {(image: Float32Array, strength: number, seed: number) => Float32Array<ArrayBuffer>} */
export function clutter(image, strength, seed) {
  const random = generator(seed);
  /** @type {Uniform} */
  const uniform = (count, low, high) => Array.from(random.uniform(count), (draw) => low + (high - low) * draw);
  const behind = background(uniform);
  const ink = image.reduce((sum, white) => sum + white, 0);
  const around = image.reduce((sum, white, i) => sum + white * behind[i], 0) / Math.max(ink, 1e-6);
  const stroke = around + (1 - around) * uniform(1, LEAST_CONTRAST, 1)[0];
  const there = Math.min(1, 2 * strength);
  return Float32Array.from(image, (white, i) => there * behind[i] * (1 - white) + white * (1 + strength * (stroke - 1)));
}

/** @type {(uniform: Uniform) => Float64Array} */
function background(uniform) {
  const [[middle], [slope], [slant]] = [uniform(1, 0, BRIGHTEST), uniform(1, 0, 0.4), uniform(1, 0, 2 * Math.PI)];
  const [[way], [often], [phase]] = [uniform(1, 0, Math.PI), uniform(1, 3, 14), uniform(1, 0, 2 * Math.PI)];
  const [high] = uniform(1, 0, 0.2);
  const [blobX, blobY] = [uniform(BLOBS, -1, 1), uniform(BLOBS, -1, 1)];
  const [blobWide, blobHigh] = [uniform(BLOBS, 0.15, 0.5), uniform(BLOBS, -0.6, 0.6)];
  const [lineX, lineY, angle] = [uniform(LINES, -1, 1), uniform(LINES, -1, 1), uniform(LINES, 0, Math.PI)];
  const [half, thick] = [uniform(LINES, 0.2, 1.2), uniform(LINES, 0.03, 0.11)];
  const [there, brightness] = [uniform(LINES, 0, 1), uniform(LINES, 0, 1)];

  /** @type {(x: number, y: number, line: number) => number} */
  function covered(x, y, line) {
    const [right, below] = [x - lineX[line], y - lineY[line]];
    const [cosine, sine] = [Math.cos(angle[line]), Math.sin(angle[line])];
    const beyond = Math.max(0, Math.abs(right * cosine + below * sine) - half[line]);
    const aside = Math.abs(below * cosine - right * sine);
    return clamp((thick[line] - Math.hypot(beyond, aside)) / (2 / SIDE) + 0.5, 0, 1);
  }

  return new Float64Array(SIDE * SIDE).map((_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)].map((at) => (2 * at) / (SIDE - 1) - 1);
    const along = (/** @type {number} */ turn) => x * Math.cos(turn) + y * Math.sin(turn);
    let grey = middle + slope * along(slant) + high * Math.sin(along(way) * often + phase);
    for (let blob = 0; blob < BLOBS; blob++) {
      const far = (x - blobX[blob]) ** 2 + (y - blobY[blob]) ** 2;
      grey += blobHigh[blob] * Math.exp(-far / blobWide[blob] ** 2);
    }
    for (let line = 0; line < LINES; line++) {
      if (there[line] < 0.6) grey += covered(x, y, line) * (brightness[line] - grey);
    }
    return clamp(grey, 0, 1);
  });
}
