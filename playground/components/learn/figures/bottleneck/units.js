// The sparse code of the drawing: its units as a square, and what one of them draws, what the digit
// is without it, and how the digit grows as the units are added up, strongest first.

import { decode, encode } from "../../../state/latents.js";
import { about } from "../../../state/models.js";
import { colour, fit } from "../../../ui/canvas.js";
import { make } from "../../../ui/elements.js";
import { paintDifference, paintGrey, paintNothing } from "../../../ui/pixels.js";
import { tile } from "../../parts.js";

const MODEL = "sparse-256";
const UNITS = 256;
const ACROSS = 16; // units along a side of the square
const SIDE = 28;
const TILES = ["own", "all", "added", "alone", "without", "lost"];
const WORDS = { own: "your drawing", lost: "what is lost" }; // below those that always show the same
const FAINTEST = 0.25; // how much of its colour the weakest unit that is on has

export class Units {
  // `changed` hears that another unit was chosen, or another number of them.
  constructor(changed) {
    this.changed = changed;
    this.code = new Float32Array(UNITS);
    this.order = []; // the units that are on, the strongest first
    this.chosen = null; // until the visitor chooses one, it is the strongest
    this.share = 1; // of the units that are on, how many are added up
    this.square = make("canvas", { className: "units", tabIndex: 0 });
    this.square.setAttribute("role", "slider");
    this.square.setAttribute("aria-valuemin", 1);
    this.square.setAttribute("aria-valuemax", UNITS);
    this.count = make("p", { className: "count" });
    this.range = make("input", { type: "range", min: 0, max: 1, step: "any", value: 1, ariaLabel: "Units added up, strongest first" });
    this.output = make("output", {});
    this.tiles = Object.fromEntries(TILES.map((key) => [key, tile(WORDS[key] ?? "")]));
    const { own, added, all, alone, without, lost } = this.tiles;
    this.element = make(
      "div",
      { className: "sparse" },
      make("div", {}, this.square, this.count),
      make(
        "div",
        {},
        make("label", { className: "adding" }, "Add up the units, strongest first", this.range, this.output),
        make("div", { className: "tiles" }, own.element, all.element, added.element),
        make("p", {}, "One unit, chosen in the square:"),
        make("div", { className: "tiles" }, alone.element, without.element, lost.element),
      ),
    );
    this.listen();
  }

  listen() {
    this.range.addEventListener("input", () => this.go(this.chosen, Number(this.range.value)));
    this.square.addEventListener("pointerdown", (event) => this.point(event));
    this.square.addEventListener("pointermove", (event) => event.buttons & 1 && this.point(event));
    this.square.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paintSquare()).observe(this.square);
  }

  point({ offsetX, offsetY }) {
    const cell = this.square.clientWidth / ACROSS;
    const [column, row] = [offsetX, offsetY].map((at) => Math.max(0, Math.min(ACROSS - 1, Math.floor(at / cell))));
    this.choose(row * ACROSS + column);
  }

  key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ACROSS, ArrowDown: ACROSS };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Home") this.choose(this.order[0] ?? 0);
    else if (event.key in steps) this.choose((this.unit() + steps[event.key] + UNITS) % UNITS);
    else return;
    event.preventDefault();
  }

  choose(unit) {
    if (unit === this.chosen) return;
    this.chosen = unit;
    this.paintSquare();
    this.changed();
  }

  unit() {
    return this.chosen ?? this.order[0] ?? 0;
  }

  // Takes the picture that the model gets, 784 grey bytes, or null.
  async follow(grey) {
    const facts = (await about()).models.find(({ name }) => name === MODEL);
    if (!facts) throw new Error("The sparse model is not here, and this figure needs it.");
    this.colour = facts.colour;
    this.code = grey ? (await encode(MODEL, [grey]))[0] : new Float32Array(UNITS);
    this.order = [...this.code.keys()].filter((i) => this.code[i] > 0).sort((a, b) => this.code[b] - this.code[a]);
    this.paintSquare();
    if (grey) await this.draw(grey);
    else this.blank();
  }

  blank() {
    for (const [key, { canvas, write }] of Object.entries(this.tiles)) {
      paintNothing(canvas, SIDE);
      write(WORDS[key] ?? "");
    }
    this.output.textContent = "";
  }

  async draw(grey) {
    const { code, order } = this;
    const unit = this.unit();
    const many = Math.round(this.share * order.length);
    const strength = code[unit] || code[order[0]] || 1; // of a unit that is off, as much as of the strongest
    const codes = [
      new Float32Array(UNITS),
      code,
      kept(code, new Set(order.slice(0, many))),
      new Float32Array(UNITS).fill(strength, unit, unit + 1),
      code.map((value, i) => (i === unit ? 0 : value)),
    ];
    const [nothing, all, added, alone, without] = await decode(MODEL, codes);
    const { tiles } = this;
    paintGrey(tiles.own.canvas, grey, SIDE);
    paintGrey(tiles.all.canvas, all, SIDE);
    paintGrey(tiles.added.canvas, added, SIDE);
    paintDifference(tiles.alone.canvas, alone, nothing, SIDE);
    paintGrey(tiles.without.canvas, without, SIDE);
    paintDifference(tiles.lost.canvas, all, without, SIDE);
    this.output.textContent = `${many} of ${order.length}`;
    this.range.setAttribute("aria-valuetext", this.output.textContent);
    tiles.all.write(`all ${order.length} units, ${decibels(all, grey)}`);
    tiles.added.write(`the ${many === 1 ? "strongest" : `${many} strongest`}, ${decibels(added, grey)}`);
    tiles.alone.write(`unit ${unit + 1} alone${code[unit] ? "" : ", if it were on"}`);
    tiles.without.write(`without unit ${unit + 1}`);
  }

  paintSquare() {
    const { square, code, order } = this;
    const share = order.length / UNITS;
    this.count.textContent = `${order.length} of ${UNITS} units are on: ${(100 * share).toFixed(1)} %.`;
    const unit = this.unit();
    const state = code[unit] ? `on at ${code[unit].toFixed(1)}, number ${order.indexOf(unit) + 1} by strength` : "off";
    square.setAttribute("aria-label", "Units of the sparse code. Arrow keys choose one, Home the strongest.");
    square.setAttribute("aria-valuenow", unit + 1);
    square.setAttribute("aria-valuetext", `Unit ${unit + 1} is ${state}`);
    if (!square.clientWidth) return;
    paintUnits(square, code, code[order[0]] ?? 1, unit, this.colour);
  }

  entries() {
    return [
      { name: "unit", kind: "whole", range: [1, UNITS], get: () => (this.chosen === null ? null : this.chosen + 1), set: (unit) => this.go(unit - 1, this.share) },
      { name: "added", kind: "number", range: [0, 1], get: () => (this.share === 1 ? null : Number(this.share.toFixed(3))), set: (share) => this.go(this.chosen, share) },
    ];
  }

  go(chosen, share) {
    Object.assign(this, { chosen, share });
    if (Number(this.range.value) !== share) this.range.value = share;
    this.changed();
  }
}

function paintUnits(canvas, code, strongest, chosen, on) {
  const side = canvas.clientWidth;
  const context = fit(canvas, side, side);
  const cell = side / ACROSS;
  code.forEach((value, i) => {
    const [left, top] = [(i % ACROSS) * cell, Math.floor(i / ACROSS) * cell];
    context.fillStyle = colour("--rule");
    context.fillRect(left + 1, top + 1, cell - 2, cell - 2);
    if (value > 0) {
      context.globalAlpha = FAINTEST + (1 - FAINTEST) * (value / strongest);
      context.fillStyle = on;
      context.fillRect(left + 1, top + 1, cell - 2, cell - 2);
      context.globalAlpha = 1;
    }
    if (i !== chosen) return;
    context.strokeStyle = colour("--ink");
    context.lineWidth = 2;
    context.strokeRect(left + 1, top + 1, cell - 2, cell - 2);
  });
}

function kept(code, units) {
  return code.map((value, i) => (units.has(i) ? value : 0));
}

function decibels(picture, target) {
  const error = picture.reduce((sum, value, i) => sum + ((value - target[i]) / 255) ** 2, 0) / target.length;
  return error ? `${(-10 * Math.log10(error)).toFixed(1)} dB` : "exact";
}
