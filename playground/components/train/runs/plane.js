// A code of two numbers: what the decoder draws across its square, and where the digits lie.

import { colour as themed, fit } from "../../ui/canvas.js";
import { make } from "../../ui/elements.js";
import { nats } from "../../ui/numbers.js";
import { imageOf } from "./pictures.js";

const SIDE = 28;

export class PlaneView {
  constructor(classes) {
    this.classes = classes; // a colour each
    this.sheet = plot("sheet", "What the decoder draws across the square of its two numbers");
    this.codes = plot("codes", "Where the codes of digits lie that it never trained on");
    this.title = make("h4", { tabIndex: 0, dataset: { term: "train-plane" } });
    this.element = make("section", { className: "plane-view", hidden: true }, this.title,
      make("div", { className: "squares" }, this.sheet, this.codes));
    new ResizeObserver(() => this.paint()).observe(this.sheet);
  }

  // Takes the pictures of a run by name. Those of longer codes have no sheet.
  show(pictures, label) {
    this.pictures = pictures;
    this.element.hidden = !pictures?.sheet;
    this.title.textContent = label;
    if (this.element.hidden) return;
    if (this.painted !== pictures) this.picture = spriteOf(pictures.sheet);
    this.painted = pictures;
    this.paint();
  }

  paint() {
    const side = this.sheet.clientWidth;
    if (!side || this.element.hidden) return;
    const ground = fit(this.sheet, side, side);
    ground.imageSmoothingQuality = "high";
    ground.drawImage(this.picture, 0, 0, side, side);
    this.paintCodes(fit(this.codes, side, side), side);
  }

  paintCodes(context, side) {
    const { codes: { values }, square: { values: [left, bottom, reach] }, labels } = this.pictures;
    context.fillStyle = themed("--well");
    context.fillRect(0, 0, side, side);
    const x = (value) => ((value - left) / reach) * side;
    const y = (value) => side - ((value - bottom) / reach) * side;
    const within = (place) => Math.max(1, Math.min(place, side - 1)); // the few beyond lie on the border
    context.fillStyle = themed("--rule-strong");
    context.fillRect(Math.round(x(0)), 0, 1, side);
    context.fillRect(0, Math.round(y(0)), side, 1);
    context.globalAlpha = 0.85;
    const dot = side > 260 ? 3 : 2;
    for (let i = 0; i < values.length / 2; i++) {
      context.fillStyle = labels ? this.classes[labels.values[i]] : themed("--accent");
      context.fillRect(within(x(values[2 * i])) - dot / 2, within(y(values[2 * i + 1])) - dot / 2, dot, dot);
    }
    context.globalAlpha = 1;
    this.paintEnds(context, side, [left, left + reach], [bottom, bottom + reach], x(0), y(0));
    if (labels) this.paintClasses(context, x, y);
  }

  // How far the square goes, at the ends of its two lines through zero.
  paintEnds(context, side, across, up, right, down) {
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = themed("--soft");
    context.textBaseline = "alphabetic";
    across.forEach((end, i) => {
      context.textAlign = i ? "right" : "left";
      context.fillText(short(end), i ? side - 4 : 4, Math.max(12, Math.min(down - 4, side - 4)));
    });
    context.textAlign = "left";
    up.forEach((end, i) => context.fillText(short(end), Math.max(4, Math.min(right + 4, side - 32)), i ? 12 : side - 4));
  }

  // The second cue beside the colour: each class's number where its codes have their median.
  paintClasses(context, x, y) {
    const { codes: { values }, labels } = this.pictures;
    context.font = "700 14px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = themed("--paper");
    context.fillStyle = themed("--ink");
    for (const label of this.classes.keys()) {
      const own = [...labels.values.keys()].filter((i) => labels.values[i] === label);
      if (!own.length) continue;
      const place = [x(median(own.map((i) => values[2 * i]))), y(median(own.map((i) => values[2 * i + 1])))];
      context.strokeText(label, ...place);
      context.fillText(label, ...place);
    }
  }
}

function plot(name, words) {
  const canvas = make("canvas", { dataset: { plane: name } });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  return canvas;
}

function short(value) {
  return nats(value).replace(/\.0+$/, "");
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

// One picture of all tiles of a sheet, [rows, columns, 1, h, w].
function spriteOf({ shape: [rows, columns], values }) {
  const canvas = new OffscreenCanvas(columns * SIDE, rows * SIDE);
  const context = canvas.getContext("2d");
  for (let i = 0; i < rows * columns; i++) {
    const tile = values.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    context.putImageData(imageOf(tile), (i % columns) * SIDE, Math.floor(i / columns) * SIDE);
  }
  return canvas;
}
