// Thousands of dots on a canvas, fast: they are written into its pixels, all in one go.

import { colour } from "../../ui/canvas.js";

const DEPTHS = 8; // steps from far to near
const FAINT = 40; // of 256: opacity of dots that are not meant
const FAR = 0.25; // how much of its colour the farthest dot keeps
const SMALL = 0.65; // its size, the nearest being 1
const SOLID = 256;

// Draws the dots of `places` (x, y, nearness), `labels` deciding the colour. Dots of hidden
// classes are left out; if some are `picked` they get a ring, and the others are faint.
export function paintDots(context, { places, order, labels, hidden, picked, radius, ratio, classes }) {
  const { pixels, image } = pixelsOf(context.canvas);
  const ground = pack(colour("--well"));
  const ink = pack(colour("--ink"));
  const { width } = image;
  const levels = Array.from({ length: DEPTHS }, (_, level) => {
    const nearness = level / (DEPTHS - 1);
    return {
      discs: discsOf(radius * ratio * (SMALL + (1 - SMALL) * nearness), width),
      colours: classes.map((own) => blend(pack(own), ground, Math.round(SOLID * (FAR + (1 - FAR) * nearness)))),
    };
  });
  const near = levels.at(-1);
  const rims = discsOf(radius * ratio + ratio, width);
  pixels.fill(ground);
  for (let pass = picked ? 0 : 1; pass < 2; pass++) {
    for (let at = 0; at < labels.length; at++) {
      const i = order ? order[at] : at;
      if (hidden[labels[i]] || (picked && picked[i] !== pass)) continue;
      const [x, y] = [ratio * places[3 * i], ratio * places[3 * i + 1]];
      const { discs, colours } = picked ? near : levels[Math.round((DEPTHS - 1) * places[3 * i + 2])];
      if (picked && pass) stamp(pixels, image, rims, x, y, ink, SOLID);
      stamp(pixels, image, discs, x, y, colours[labels[i]], pass ? SOLID : FAINT);
    }
  }
  context.putImageData(image, 0, 0);
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

// Puts a disc of a colour where (x, y) is, to half a pixel.
function stamp(pixels, { width, height }, discs, x, y, own, strength) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const { reach } = discs;
  if (left < reach || top < reach || left >= width - reach - 1 || top >= height - reach - 1) return;
  const { offsets, shares } = discs.at(x - left >= 0.5, y - top >= 0.5);
  const start = top * width + left;
  for (let k = 0; k < offsets.length; k++) {
    const at = start + offsets[k];
    const share = (shares[k] * strength) >> 8;
    pixels[at] = share === SOLID ? own : blend(own, pixels[at], share);
  }
}

// `share` of 256 of one colour over another: red and blue together, and green.
function blend(over, under, share) {
  const rest = SOLID - share;
  const redBlue = (((over & 0xff00ff) * share + (under & 0xff00ff) * rest) >>> 8) & 0xff00ff;
  const green = (((over & 0x00ff00) * share + (under & 0x00ff00) * rest) >>> 8) & 0x00ff00;
  return (0xff000000 | redBlue | green) >>> 0;
}

// A colour written #rrggbb, as a pixel holds it.
function pack(hex) {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

const images = new WeakMap();

function pixelsOf(canvas) {
  let known = images.get(canvas);
  if (known?.image.width !== canvas.width || known.image.height !== canvas.height) {
    const image = new ImageData(canvas.width, canvas.height);
    known = { image, pixels: new Uint32Array(image.data.buffer) };
    images.set(canvas, known);
  }
  return known;
}

// Discs as lists of pixels, made once for each size.

const MOST = 64; // sizes that are kept

const kept = new Map();

// The disc of a radius, in px of a canvas so many px wide, at each of four places within a pixel.
// Offsets are from the pixel that its middle is in; shares say how much of 256 the disc covers.
function discsOf(radius, width) {
  const size = Math.max(2, Math.round(8 * radius)); // in eighths of a px
  const key = `${size} ${width}`;
  if (kept.has(key)) return kept.get(key);
  if (kept.size >= MOST) kept.clear();
  const reach = Math.ceil(size / 8 + 1);
  const four = [0.25, 0.75].map((x) => [0.25, 0.75].map((y) => disc(size / 8, reach, x, y, width)));
  const discs = { reach, at: (right, low) => four[Number(right)][Number(low)] };
  kept.set(key, discs);
  return discs;
}

function disc(radius, reach, x, y, width) {
  const offsets = [];
  const shares = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const far = Math.hypot(dx + 0.5 - x, dy + 0.5 - y);
      const share = Math.round(256 * Math.min(1, Math.max(0, radius - far + 0.5)));
      if (!share) continue;
      offsets.push(dy * width + dx);
      shares.push(share);
    }
  }
  return { offsets: Int32Array.from(offsets), shares: Uint16Array.from(shares) };
}
