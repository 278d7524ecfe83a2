// The first layer of a convolutional model on the drawing: its windows, its maps, and how the maps
// follow when the digit moves, where a fully connected layer starts from scratch.

import { change, changeAlong, move } from "../../../engine/evaluation/equivariance.js";
import { toBytes } from "../../../engine/numbers/float32.js";
import { coder } from "../../../state/coders.js";
import { SIDE, noisyDigit } from "../../../state/input.js";
import { colour as themed, fit } from "../../../ui/canvas.js";
import { make } from "../../../ui/elements.js";
import { paintGrey, paintSigned } from "../../../ui/pixels.js";
import { bright } from "../autoencoder/stages.js";

const CONV = "conv-32";
const DENSE = "deep-32";
const STEP = 2; // pixels from window to window
const FURTHEST = 6;
const GAP = 6; // between the pairs of a window and its map
const BEGIN = { right: 4, down: -2, map: 23 };
const ROW = 32; // units in a row of the fully connected layer

export class Windows {
  // `changed` hears that the digit is to be moved otherwise.
  constructor(lesson, changed) {
    this.lesson = lesson;
    this.changed = changed;
    this.map = BEGIN.map;
    this.seen = null; // the layers, and the two pictures
    this.canvas = make("canvas", { className: "windows", tabIndex: 0 });
    this.canvas.setAttribute("role", "slider");
    this.canvas.setAttribute("aria-roledescription", "grid");
    this.canvas.setAttribute("aria-label", "Windows and their maps; arrow keys choose one");
    this.canvas.setAttribute("aria-valuemin", 1);
    this.canvas.addEventListener("pointerdown", (event) => this.choose(this.mapAt(event)));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paint()).observe(this.canvas);
    this.right = mover("Right", BEGIN.right, changed);
    this.down = mover("Down", BEGIN.down, changed);
    this.table = comparison();
    const settings = make("div", { className: "settings" }, make("span", {}, "Move the digit, in pixels:"), this.right.element, this.down.element);
    const title = make("p", { className: "remark" }, "Each window of 4 × 4 weights, and the map of what it finds as it slides over the digit");
    this.element = make("div", { className: "sliding" }, title, this.canvas, settings, this.table.element);
  }

  async refresh() {
    this.seen = await compared({ right: this.right.value(), down: this.down.value() });
    this.element.classList.toggle("empty", !this.seen);
    this.lesson.say(this.seen ? "" : "Draw a digit, and see what the windows find in it.");
    if (this.seen) this.choose(Math.min(this.map, this.seen.conv.shape[0] - 1));
  }

  paint() {
    if (!this.seen || !this.canvas.clientWidth) return;
    this.paintGrid(this.seen.conv);
    this.table.paint(this.seen, this.map);
  }

  paintGrid({ shape: [count, high, wide], before, kernel, kernels }) {
    const width = this.canvas.clientWidth;
    const [cell, weight] = width > 600 ? [3, 8] : [2, 6];
    const [windowSide, mapSide] = [kernel[0] * weight, wide * cell];
    this.pitch = { x: windowSide + mapSide + 3 + 2 * GAP, y: Math.max(mapSide, windowSide) + GAP };
    this.columns = Math.max(1, Math.min(8, Math.floor((width + GAP) / this.pitch.x)));
    const height = Math.ceil(count / this.columns) * this.pitch.y;
    this.canvas.style.height = `${height}px`;
    const context = fit(this.canvas, width, height);
    context.imageSmoothingEnabled = false;
    const [maps, windows] = [document.createElement("canvas"), document.createElement("canvas")];
    paintSigned(maps, before, wide, count * high, bright(before));
    const most = kernels.reduce((sofar, value) => Math.max(sofar, Math.abs(value)), 0);
    paintSigned(windows, kernels, kernel[1], count * kernel[0], most);
    for (let map = 0; map < count; map++) {
      const [x, y] = this.placeOf(map);
      const middle = y + (mapSide - windowSide) / 2;
      context.drawImage(windows, 0, map * kernel[0], kernel[1], kernel[0], x, middle, windowSide, windowSide);
      context.drawImage(maps, 0, map * high, wide, high, x + windowSide + 3, y, mapSide, high * cell);
      context.strokeStyle = themed(map === this.map ? "--ink" : "--rule-strong");
      context.lineWidth = 1;
      context.strokeRect(x - 0.5, middle - 0.5, windowSide + 1, windowSide + 1);
      context.strokeRect(x + windowSide + 2.5, y - 0.5, mapSide + 1, mapSide + 1);
      if (map !== this.map) continue;
      context.strokeStyle = themed("--accent");
      context.lineWidth = 2;
      context.strokeRect(x - 2, y - 2, windowSide + mapSide + 7, mapSide + 4);
    }
  }

  placeOf(map) {
    return [3 + (map % this.columns) * this.pitch.x, 3 + Math.floor(map / this.columns) * this.pitch.y];
  }

  mapAt({ offsetX, offsetY }) {
    if (!this.pitch) return null;
    const column = Math.floor(offsetX / this.pitch.x);
    return column < this.columns ? Math.floor(offsetY / this.pitch.y) * this.columns + column : null;
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.choose(this.map + step);
  }

  choose(map) {
    const count = this.seen?.conv.shape[0] ?? 0;
    if (map === null || map < 0 || map >= count) return;
    this.map = map;
    this.canvas.setAttribute("aria-valuemax", count);
    this.canvas.setAttribute("aria-valuenow", map + 1);
    this.canvas.setAttribute("aria-valuetext", `map ${map + 1} of ${count}`);
    this.paint();
  }

  entries() {
    const slider = (way) => (
      { name: way, kind: "whole", range: [-FURTHEST, FURTHEST], get: () => this[way].value(), set: (pixels) => this[way].set(pixels) }
    );
    return [
      slider("right"),
      slider("down"),
      { name: "map", kind: "whole", range: [0, 255], get: () => this.map, set: (map) => this.turnTo(map) },
    ];
  }

  turnTo(map) {
    this.map = map;
    this.changed();
  }
}

// Both first layers of the digit, and of the digit moved; null while there is none.
export async function compared(way) {
  const seen = noisyDigit.value;
  if (!seen) return null;
  const { picture, image } = seen;
  const there = move(image, way, { height: SIDE, width: SIDE });
  const [conv, dense, { kernel, kernels }] = await Promise.all([layerOf(CONV, image, there), layerOf(DENSE, image, there), windowsOf()]);
  const [, height, width] = conv.shape;
  const along = changeAlong(conv.before, conv.after, way, { height, width }, { step: STEP, edge: kernel[0] });
  return { pictures: [picture, toBytes(there)], way, conv: { ...conv, along, kernel, kernels }, dense };
}

async function layerOf(name, image, there) {
  const [[before], [after]] = await Promise.all([image, there].map((each) => coder(name).activations(each)));
  return { shape: before.shape, before: before.values, after: after.values, change: change(before.values, after.values) };
}

let known; // the windows, which no drawing changes

// The windows of all maps, one after the other.
function windowsOf() {
  known ??= fetchWindows().catch((error) => {
    known = undefined; // the next one who asks tries again
    throw error;
  });
  return known;
}

async function fetchWindows() {
  const model = coder(CONV);
  await model.ready; // or there would be a question to the server for each of them
  const image = new Float32Array(SIDE * SIDE);
  const [{ shape: [count, height, width] }] = await model.activations(image);
  const units = Array.from({ length: count }, (_, map) => map * height * width);
  const found = await Promise.all(units.map((unit) => model.unit({ image, stage: 0, unit, by: 1 })));
  return { kernel: found[0].kernel.shape, kernels: Float32Array.from(found.flatMap(({ kernel }) => [...kernel.values])) };
}

function mover(name, begin, changed) {
  const slider = make("input", { type: "range", min: -FURTHEST, max: FURTHEST, step: STEP, value: begin, ariaLabel: name });
  const output = make("output", {}, signed(begin));
  const value = () => Number(slider.value);
  slider.addEventListener("input", () => {
    output.textContent = signed(value());
    changed();
  });
  const set = (wanted) => {
    slider.value = wanted;
    output.textContent = signed(value());
    changed();
  };
  return { element: make("label", { className: "field" }, make("span", {}, name), slider, output), value, set };
}

const signed = (value) => (value < 0 ? `−${-value}` : String(value));

const COLUMNS = ["as drawn", "moved", "what differs", "moved back, what differs"];

// Three rows: the digit, a map, and a fully connected layer; before, after, and what differs.
function comparison() {
  const canvases = [0, 1, 2].map(() => COLUMNS.map(() => make("canvas", { className: "pixels", role: "img" })));
  const results = [0, 1, 2].map(() => COLUMNS.map(() => make("p")));
  const names = canvases.map(() => make("th", { scope: "row" }));
  const heads = COLUMNS.map((words) => make("th", { scope: "col" }, words));
  const there = [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2], [1, 3], [2, 0], [2, 1], [2, 2]].map(String);
  const cell = (i, j) => make("td", {}, ...(there.includes(String([i, j])) ? [canvases[i][j]] : []), results[i][j]);
  const rows = names.map((name, i) => make("tr", {}, name, ...COLUMNS.map((_, j) => cell(i, j))));
  const table = make("table", { className: "moved" }, make("thead", {}, make("tr", {}, make("td"), ...heads)), make("tbody", {}, ...rows));
  const note = make("p", { className: "remark" }, "In per cent: the length of the difference over the length of all activations. Two equally large sets of numbers that have nothing in common differ by 141 %.");
  const element = make("div", {}, table, note);

  function paint({ conv, dense, pictures, way: { right, down } }, map) {
    const [count, high, wide] = conv.shape;
    const [units] = dense.shape;
    heads[1].textContent = wayOf(right, down);
    names[0].textContent = "the digit";
    names[1].textContent = `convolution, map ${map + 1} of ${count}`;
    names[2].textContent = `fully connected, ${units} units`;
    pictures.forEach((picture, j) => paintGrey(canvases[0][j], picture, SIDE));
    const [before, after] = [conv.before, conv.after].map((values) => values.subarray(map * high * wide, (map + 1) * high * wide));
    const back = movedBack(before, after, { wide, high, right: right / STEP, down: down / STEP });
    const maps = [before, after, difference(before, after), difference(before, back)];
    maps.forEach((values, j) => paintSigned(canvases[1][j], values, wide, high, bright(conv.before)));
    const layers = [dense.before, dense.after, difference(dense.before, dense.after)];
    layers.forEach((values, j) => paintSigned(canvases[2][j], values, ROW, Math.ceil(units / ROW), bright(dense.before)));
    canvases.forEach((row, i) => row.forEach((canvas, j) => canvas.setAttribute("aria-label", `${names[i].textContent}: ${heads[j].textContent}`)));
    results[1][2].textContent = `all maps: ${percent(conv.change)}`;
    results[1][3].textContent = `all maps: ${percent(conv.along)}`;
    results[2][2].textContent = percent(dense.change);
    results[2][3].textContent = "there is nothing to move back";
  }
  return { element, paint };
}

function wayOf(right, down) {
  const ways = [[right, "right", "left"], [down, "down", "up"]].filter(([by]) => by);
  return ways.length ? ways.map(([by, there, back]) => `${Math.abs(by)} ${by > 0 ? there : back}`).join(", ") : "not moved";
}

// A map moved back with the digit. Where it looks beyond the picture, here or there, it is as before.
function movedBack(before, after, { wide, high, right, down }) {
  const inside = (x, y) => x > 0 && y > 0 && x < wide - 1 && y < high - 1;
  return before.map((value, i) => {
    const [x, y] = [i % wide, Math.floor(i / wide)];
    return inside(x, y) && inside(x + right, y + down) ? after[(y + down) * wide + x + right] : value;
  });
}

function difference(here, there) {
  return Float32Array.from(here, (value, i) => there[i] - value);
}

function percent(share) {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
