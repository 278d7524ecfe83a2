// The map of a run with a code of two numbers, as it is by now: what the decoder draws, where digits
// lie that it never trained on, the visitor's own, and a point to move.

import { median } from "../../state/places.js";
import { make } from "../../ui/elements.js";
import { signed } from "../../ui/numbers.js";
import { paintMap } from "../../ui/space/ground.js";
import { Pad } from "../../ui/space/pad.js";
import { evenScale } from "../../ui/space/scale.js";
import { paintVisitor } from "../../ui/space/visitor.js";
import { imageOf } from "./pictures.js";

const SIDE = 28;

export class RunMap {
  // `classes` are a colour each; `moved` hears of the point, as shares of the square.
  constructor(classes, moved) {
    this.classes = classes;
    this.layers = { tiles: true, nonsense: false, codes: true, density: false, circles: false, classes: new Set(classes.keys()) };
    this.view = null;
    this.you = null;
    this.pad = new Pad({
      paintGround: (context, side) => this.view && paintMap(context, side, this.view, this.layers),
      paintTop: (context, side) => this.view && paintVisitor(context, side, this.view.scales, this.you, []),
      moved,
    });
    this.pad.top.addEventListener("pointermove", (event) => this.hover(event));
    this.words = make("figcaption", { tabIndex: 0, dataset: { term: "train-plane" } }, "Its map");
    this.element = make("figure", { className: "run-map", hidden: true }, this.pad.element, this.words);
  }

  // A mouse moves the point without being pressed.
  hover({ pointerType, buttons, clientX, clientY }) {
    if (pointerType !== "mouse" || buttons) return;
    const { left, top, width, height } = this.pad.top.getBoundingClientRect();
    this.pad.go((clientX - left) / width, 1 - (clientY - top) / height);
  }

  // Takes the pictures of a run by name. Those of longer codes have no sheet.
  show(pictures, name) {
    this.element.hidden = !pictures?.sheet;
    if (this.element.hidden || pictures === this.shown) return;
    this.shown = pictures;
    this.name = name;
    this.view = viewOf(pictures, this.classes);
    this.place(this.pad.point);
    this.pad.repaint();
  }

  // Puts the point somewhere, as shares of the square, without telling anybody.
  place({ u, v }) {
    this.pad.place(u, v);
    this.pad.announce(`Map of ${this.name}`, `z1, z2 are ${this.code.map((value) => signed(value, 2)).join(", ")}`);
  }

  repaint() {
    this.pad.repaint();
    this.pad.refresh();
  }

  // Where the visitor's digit lies; null while nobody knows.
  follow(you) {
    this.you = you;
    this.pad.refresh();
  }

  // The point in the model's own numbers, and to a place of them.
  get code() {
    const { x, y } = this.view.scales;
    return [x.from(this.pad.point.u), y.from(this.pad.point.v)];
  }

  shareOf([across, up]) {
    const { x, y } = this.view.scales;
    return { u: x.to(across), v: y.to(up) };
  }
}

// The picture of the sheet has its outer tiles' middles on the border of the square.
function viewOf({ sheet, square: { values: [left, bottom, reach] }, codes: { values: codes }, labels }, classes) {
  const margin = reach / (sheet.shape[0] - 1) / 2;
  const known = labels?.values ?? new Uint8Array(codes.length / 2);
  return {
    scales: { x: evenScale(left - margin, left + reach + margin), y: evenScale(bottom - margin, bottom + reach + margin) },
    tiles: spriteOf(sheet),
    codes,
    labels: known,
    colours: classes,
    medians: classes.map((_, label) => (labels ? median(codes, known, label) : null)),
  };
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
