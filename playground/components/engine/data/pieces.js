// The digits among the ink on a sheet, pixel by pixel as in vae_core/data/drawings/pieces.py, which says why.

import { withoutLines } from "./lines.js";
import { boxes, highest, label } from "./raster.js";

/**
 * @import { Bounds, Bytes, Mask } from "./raster.js"
 * @import { Sheet } from "./ground.js"
 * @typedef {Bounds & { parts: number[], places: number[], area: number, edge: number, weight: number }} Piece
 * @typedef {{ digits: Bytes[], isBlob: boolean }} Found
 */

const FAINT = 24; // of 255: what is fainter is the paper's own grain
const CLEAR = 64; // what is fainter is no ink at the border, and no shape worth a word
const EDGE = 40; // % of the ink's level: brighter is ink
const HALO = 3; // pixels around what is taken away that go with it
const ROUNDS = 6; // of taking away what touches the border
const SPECK = 1; // % of the largest piece: smaller ones are dirt
const MOST = 60; // pieces that are looked at, the largest ones
const NEAR = 20; // of the longest piece: pieces that are a tenth of it apart belong together
const ABOVE = 30; // % of a piece's length that a bar may be above or below it
const TALL = 70; // % of a piece's height that another has which stands beside it as a digit for itself
const ASIDE = 20; // % of the narrower piece's width that may overlap if they stand side by side
const SMALL = 35; // % of the longest digit's length: what is shorter is no digit beside it
const LIGHT = 10; // % of the heaviest digit's ink, likewise
const PALE = 60; // % of the darkest digit's mean ink, likewise: one pen wrote them all
const BLOB = 15; // % of its length that half of a digit's stroke is thick at most

// Each digit on a sheet by itself, without lines, dirt, and what touches the border.
/** @type {(sheet: Sheet) => Found} */
export function digitsOn({ width, height, ink, paper }) {
  const [rest, outside] = [ink.slice(), new Uint8Array(ink.length)];
  for (let i = 0; i < ink.length; i++) {
    if (!paper[i]) rest[i] = 0;
    if (!paper[i] || isBorder(i, width, height)) outside[i] = 1;
  }
  let mask = inkIn(width, height, rest);
  for (let round = 0; round < ROUNDS; round++) {
    const inked = inkIn(width, height, rest);
    mask = withoutLines(inked);
    blank(rest, grown({ width, height, on: without(inked.on, mask.on) }, 1), mask.on);
    const outer = { width, height, on: reaching(mask, grown({ width, height, on: outside }, HALO)) };
    if (!outer.on.includes(1)) break;
    for (let i = 0; i < outside.length; i++) outside[i] |= outer.on[i];
    blank(rest, grown(outer, HALO));
  }
  const found = chosen(rest, mask);
  if (found.digits.length || found.isBlob || paper.includes(0)) return found;
  // A digit may fill its picture to the border; a filled shape there is what lies at the border.
  return { ...chosen(ink, inkIn(width, height, ink, CLEAR)), isBlob: false };
}

/** @type {(on: Uint8Array, others: Uint8Array) => Uint8Array} */
function without(on, others) {
  const out = new Uint8Array(on.length);
  for (let i = 0; i < on.length; i++) out[i] = on[i] & ~others[i];
  return out;
}

// Those pieces, whole, that reach into a region.
/** @type {(mask: Mask, region: Uint8Array) => Uint8Array} */
function reaching(mask, region) {
  const { pieces, areas } = label(mask);
  const reached = new Uint8Array(areas.length);
  for (let i = 0; i < region.length; i++) if (region[i]) reached[pieces[i]] = 1;
  reached[0] = 0;
  const out = new Uint8Array(region.length);
  for (let i = 0; i < out.length; i++) out[i] = reached[pieces[i]];
  return out;
}

/** @type {(i: number, width: number, height: number) => boolean} */
function isBorder(i, width, height) {
  const x = i % width;
  return i < width || i >= width * (height - 1) || x === 0 || x === width - 1;
}

/** @type {(ink: Uint8Array, where: Uint8Array, but?: Uint8Array) => void} */
function blank(ink, where, but) {
  for (let i = 0; i < ink.length; i++) if (where[i] && !but?.[i]) ink[i] = 0;
}

/** @type {(mask: Mask, by: number) => Uint8Array} */
const grown = ({ width, height, on }, by) => highest({ width, height, bytes: on }, by).bytes;

// What is brighter than a share of the ink's level, a mean in which faint pixels hardly count.
/** @type {(width: number, height: number, ink: Uint8Array, faint?: number) => Mask} */
function inkIn(width, height, ink, faint = FAINT) {
  const counts = new Float64Array(256);
  for (let i = 0; i < ink.length; i++) counts[ink[i]]++;
  const [squares, cubes] = [2, 3].map((power) => counts.reduce((so, count, level) => so + count * level ** power, 0));
  const edge = Math.max(faint, Math.floor((EDGE * cubes) / (100 * Math.max(1, squares))));
  const on = new Uint8Array(ink.length);
  for (let i = 0; i < on.length; i++) on[i] = ink[i] > edge ? 1 : 0;
  return { width, height, on };
}

/** @type {(ink: Uint8Array, mask: Mask) => Found} */
function chosen(ink, mask) {
  const { pieces } = label(mask);
  const parts = partsOf(ink, mask, pieces);
  const strokes = joined(parts).filter((piece) => !isBlob(piece));
  const longest = Math.max(0, ...strokes.map(lengthOf));
  const heaviest = Math.max(0, ...strokes.map(({ area }) => area));
  const darkest = Math.max(0, ...strokes.map(meanOf));
  const digits = strokes.filter(
    (piece) =>
      lengthOf(piece) * 100 >= SMALL * longest &&
      piece.area * 100 >= LIGHT * heaviest &&
      meanOf(piece) * 100 >= PALE * darkest,
  );
  const alone = inOrder(digits).map((piece) => inkOf({ ...mask, bytes: ink }, pieces, piece));
  return { digits: alone, isBlob: !digits.length && ink.some((value, i) => mask.on[i] && value >= CLEAR) };
}

/** @type {(piece: Bounds) => number} */
const lengthOf = ({ top, bottom, left, right }) => Math.max(bottom - top, right - left);

/** @type {(piece: Piece) => number} */
const meanOf = ({ area, weight }) => Math.floor(weight / area);

/** @type {(piece: Piece) => boolean} */
const isBlob = (piece) => piece.area * 100 > BLOB * lengthOf(piece) * piece.edge;

// What hangs together, without specks; the largest first.
/** @type {(ink: Uint8Array, mask: Mask, numbered: Int32Array) => Piece[]} */
function partsOf(ink, mask, numbered) {
  const all = boxes(mask, numbered).map((box, i) => ({ ...box, number: i + 1 }));
  const weights = new Float64Array(all.length + 1);
  numbered.forEach((number, i) => (weights[number] += ink[i]));
  const edges = edgesOf(mask, numbered, all.length);
  const largest = all.sort((one, other) => other.area - one.area).slice(0, MOST);
  const kept = largest.filter(({ area }) => area * 100 >= SPECK * largest[0].area);
  const longest = Math.max(0, ...kept.map(lengthOf));
  const near = { ...mask, on: grown(mask, Math.max(1, Math.floor(longest / NEAR))) };
  const places = label(near).pieces;
  return kept.map(({ number, ...piece }) => {
    const start = piece.top * mask.width;
    const first = numbered.indexOf(number, start);
    return { ...piece, parts: [number], places: [places[first]], edge: edges[number], weight: weights[number] };
  });
}

// How many pixels of each piece have ground beside them.
/** @type {(mask: Mask, numbered: Int32Array, count: number) => Int32Array} */
function edgesOf({ width, height, on }, numbered, count) {
  const edges = new Int32Array(count + 1);
  for (let i = 0; i < on.length; i++) {
    if (!on[i]) continue;
    const x = i % width;
    const inner =
      (i < width || on[i - width]) &&
      (i >= width * (height - 1) || on[i + width]) &&
      (x === 0 || on[i - 1]) &&
      (x === width - 1 || on[i + 1]);
    if (!inner) edges[numbered[i]]++;
  }
  return edges;
}

// Each digit in one, of as many parts as it has.
/** @type {(parts: Piece[]) => Piece[]} */
function joined(parts) {
  /** @type {Piece[]} */
  const whole = [];
  for (let piece of parts) {
    for (;;) {
      const near = whole.findIndex((other) => belongTogether(piece, other));
      if (near < 0) break;
      piece = both(piece, whole.splice(near, 1)[0]);
    }
    whole.push(piece);
  }
  return whole;
}

/** @type {(one: Piece, other: Piece) => boolean} */
function belongTogether(one, other) {
  const [larger, smaller] = lengthOf(one) >= lengthOf(other) ? [one, other] : [other, one];
  const [tall, small] = [larger.bottom - larger.top, smaller.bottom - smaller.top];
  const shared = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const narrower = Math.min(one.right - one.left, other.right - other.left);
  const beside = shared * 100 < ASIDE * narrower;
  if (beside && small * 100 >= TALL * tall) return false; // two digits, however near
  if (one.places.some((place) => other.places.includes(place))) return true;
  const gap = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
  return !isBlob(smaller) && 2 * small <= tall && !beside && gap * 100 <= ABOVE * lengthOf(larger);
}

/** @type {(one: Piece, other: Piece) => Piece} */
function both(one, other) {
  return {
    parts: [...one.parts, ...other.parts],
    places: [...one.places, ...other.places],
    top: Math.min(one.top, other.top),
    bottom: Math.max(one.bottom, other.bottom),
    left: Math.min(one.left, other.left),
    right: Math.max(one.right, other.right),
    area: one.area + other.area,
    edge: one.edge + other.edge,
    weight: one.weight + other.weight,
  };
}

// Row by row, each from the left.
/** @type {(pieces: Piece[]) => Piece[]} */
function inOrder(pieces) {
  /** @type {Piece[][]} */
  const rows = [];
  const down = pieces.toSorted((one, other) => one.top + one.bottom - other.top - other.bottom || one.left - other.left);
  for (const piece of down) {
    const row = rows.at(-1);
    if (row && piece.top + piece.bottom < 2 * row[0].bottom) row.push(piece);
    else rows.push([piece]);
  }
  return rows.flatMap((row) => row.sort((one, other) => one.left - other.left));
}

// The ink of one piece and its soft edge, with ground on all sides.
/** @type {(ink: Bytes, numbered: Int32Array, piece: Piece) => Bytes} */
function inkOf(ink, numbered, piece) {
  const [top, left] = [Math.max(0, piece.top - HALO), Math.max(0, piece.left - HALO)];
  const bottom = Math.min(ink.height, piece.bottom + HALO);
  const right = Math.min(ink.width, piece.right + HALO);
  const own = { width: right - left, height: bottom - top, on: new Uint8Array((right - left) * (bottom - top)) };
  for (let y = top, i = 0; y < bottom; y++) {
    for (let x = left; x < right; x++, i++) own.on[i] = piece.parts.includes(numbered[y * ink.width + x]) ? 1 : 0;
  }
  const near = grown(own, HALO - 1);
  const [width, height] = [own.width + 2 * HALO, own.height + 2 * HALO];
  const bytes = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < own.height; y++) {
    for (let x = 0; x < own.width; x++, i++) {
      if (near[i]) bytes[(y + HALO) * width + x + HALO] = ink.bytes[(y + top) * ink.width + x + left];
    }
  }
  return { width, height, bytes };
}
