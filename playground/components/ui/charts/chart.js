// Curves over epochs, or over seconds: axes with units, a name at the end of each curve, and a cursor to read them.

import { fit } from "../canvas.js";
import { make } from "../elements.js";
import { nats } from "../numbers.js";
import { colour as themed } from "../theme.js";

const LEFT = 46;
const TOP = 8;
const FOOT = 26;
const LINE = 15; // pixels between the names of two curves
const SWATCH = 18; // and for the piece of the curve before each
const EARLY = 0.1; // of the epochs so far: values that tower over the rest and may leave the picture
const FEW = 4; // epochs that the axis starts with; it doubles as often as it has to

export const EPOCHS = { name: "epoch", read: (epoch) => `epoch ${epoch}` };
export const SECONDS = { name: "seconds", read: (seconds) => `${seconds} s` };

export class Chart {
  // `name` stands above it, with the unit; `key` names what it is of. `moved` hears where on the
  // axis the cursor is, or null.
  constructor(key, name, unit, moved = () => {}) {
    this.name = name;
    this.unit = unit;
    this.curves = [];
    this.epochs = 1;
    this.cursor = null;
    this.moved = moved;
    this.highest = Infinity;
    this.canvas = make("canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "slider");
    this.canvas.setAttribute("aria-valuenow", 0);
    this.setAxis(EPOCHS);
    this.readout = make("div", { className: "readout", hidden: true });
    const caption = make("figcaption", { tabIndex: 0, dataset: { term: `train-${key}` } }, name, make("span", {}, `, ${unit}`));
    this.element = make("figure", { className: "chart", dataset: { chart: key } },
      caption, make("div", { className: "chart-paper" }, this.canvas, this.readout));
    this.canvas.addEventListener("pointermove", (event) => this.point(this.epochAt(event.offsetX)));
    this.canvas.addEventListener("pointerdown", (event) => this.point(this.epochAt(event.offsetX)));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("blur", () => this.point(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paint()).observe(this.canvas);
  }

  // `curves` are { label, colour, dashed, unnamed, points: [[epoch, value], …] }. On another `axis`
  // than that of epochs, all that is called an epoch here is a place on it. Values above `highest`
  // may leave the picture.
  show(curves, epochs, { axis = EPOCHS, highest = Infinity } = {}) {
    this.highest = highest;
    if (axis !== this.axis) this.setAxis(axis);
    this.curves = curves.filter(({ points }) => points.length);
    this.epochs = span(Math.max(0, ...this.curves.map(({ points }) => points.at(-1)[0])), Math.max(1, epochs));
    this.paint();
  }

  setAxis(axis) {
    this.axis = axis;
    this.cursor = null;
    this.canvas.setAttribute("aria-label", `${this.name} by ${axis.name}, ${this.unit}; arrow keys read it`);
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    this.context = fit(this.canvas, width, height);
    this.context.font = `${width > 480 ? 13 : 11.5}px system-ui, sans-serif`;
    const names = this.named().map(({ label }) => this.context.measureText(label).width + SWATCH);
    this.right = width - Math.max(48, ...names) - 14;
    this.foot = height - FOOT;
    [this.low, this.high] = reach(this.curves, this.highest);
    this.paintAxes();
    this.paintCurves();
    this.paintNames();
    this.paintCursor();
  }

  x(epoch) {
    return LEFT + (epoch / this.epochs) * (this.right - LEFT);
  }

  y(value) {
    return this.foot - ((value - this.low) / (this.high - this.low)) * (this.foot - TOP);
  }

  paintAxes() {
    const { context } = this;
    context.fillStyle = themed("--soft");
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of this.curves.length ? ticks(this.low, this.high, 5) : []) {
      const top = Math.round(this.y(value)) + 0.5;
      this.line(LEFT, top, this.right, top, "--rule");
      context.fillText(plain(value), LEFT - 6, top);
    }
    this.line(LEFT, this.foot + 0.5, this.right, this.foot + 0.5, "--rule-strong");
    context.textAlign = "center";
    context.textBaseline = "top";
    const wide = this.right - LEFT > 360;
    let end = 0;
    for (const epoch of ticks(0, this.epochs, wide ? 8 : 4).filter(Number.isInteger)) {
      const left = Math.round(this.x(epoch)) + 0.5;
      this.line(left, this.foot, left, this.foot + 4, "--rule-strong");
      context.fillText(plain(epoch), left, this.foot + 7);
      end = left + context.measureText(plain(epoch)).width / 2;
    }
    context.textAlign = "left";
    context.fillText(this.axis.name, Math.max(end + 6, this.right - 8), this.foot + 7);
  }

  paintCurves() {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(LEFT, 0, this.right - LEFT + 6, this.foot + 1);
    context.clip();
    context.lineJoin = "round";
    for (const { points, colour, dashed } of this.curves) {
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = dashed ? 1.5 : 2;
      context.setLineDash(dashed ? [5, 3] : []);
      context.beginPath();
      for (const [epoch, value] of points) context.lineTo(this.x(epoch), this.y(value));
      context.stroke();
      this.dot(points.at(-1), colour, dashed);
    }
    context.restore();
  }

  dot([epoch, value], colour, hollow) {
    const { context } = this;
    context.setLineDash([]);
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(this.x(epoch), this.y(value), 3, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.fillStyle = hollow ? themed("--paper") : colour;
    context.fill();
    context.stroke();
  }

  named() {
    return this.curves.filter(({ unnamed }) => !unnamed);
  }

  // Right of all curves, each at the height where its own ends, or as near as the others leave room.
  paintNames() {
    const { context } = this;
    const ends = this.named().map((curve) => ({ curve, top: this.y(curve.points.at(-1)[1]) }));
    ends.sort((one, other) => one.top - other.top);
    const last = this.foot - LINE / 2;
    ends.forEach((end, i) => {
      end.top = Math.max(end.top, i ? ends[i - 1].top + LINE : TOP + 4);
    });
    for (let i = ends.length - 1; i >= 0; i--) {
      ends[i].top = Math.min(ends[i].top, i < ends.length - 1 ? ends[i + 1].top - LINE : last);
    }
    const at = this.x(Math.max(0, ...this.curves.map(({ points }) => points.at(-1)[0]))) + 8;
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const { curve: { label, colour, dashed }, top } of ends) {
      context.fillStyle = themed(dashed ? "--soft" : "--ink");
      context.fillText(label, at + SWATCH, top);
      context.strokeStyle = colour;
      context.lineWidth = dashed ? 1.5 : 2.5;
      context.setLineDash(dashed ? [4, 2] : []);
      context.beginPath();
      context.moveTo(at, top);
      context.lineTo(at + SWATCH - 4, top);
      context.stroke();
    }
  }

  paintCursor() {
    this.readout.hidden = this.cursor === null || !this.curves.length;
    if (this.readout.hidden) {
      this.tell("so far", this.curves.map((curve) => ({ curve, point: curve.points.at(-1) })));
      return;
    }
    const left = Math.round(this.x(this.cursor)) + 0.5;
    this.line(left, TOP, left, this.foot, "--rule-strong");
    const read = this.curves.map((curve) => ({ curve, point: nearest(curve.points, this.cursor) }));
    for (const { curve, point } of read) {
      if (this.y(point[1]) >= TOP) this.dot(point, curve.colour, curve.dashed);
    }
    const epoch = this.axis.read(plain(Math.round(100 * this.cursor) / 100));
    const rows = read.map(({ curve, point }) => make("div", {}, make("span", {}, curve.label), make("b", {}, nats(point[1]))));
    this.readout.replaceChildren(make("p", {}, epoch), ...rows);
    this.readout.style.left = left > (LEFT + this.right) / 2 ? "" : `${left + 10}px`;
    this.readout.style.right = left > (LEFT + this.right) / 2 ? `${this.canvas.clientWidth - left + 10}px` : "";
    this.tell(epoch, read);
  }

  // The text alternative: what the cursor reads, or else where each curve is by now. A curve that
  // grows while it has focus would be read out without end.
  tell(when, read) {
    if (this.cursor === null && document.activeElement === this.canvas) return;
    const words = read.map(({ curve, point }) => `${curve.label} ${nats(point[1])}`);
    const last = Math.max(0, ...read.map(({ point }) => point[0]));
    this.canvas.setAttribute("aria-valuetext", read.length ? `${when}: ${words.join(", ")} nats` : "no epoch yet");
    this.canvas.setAttribute("aria-valuemax", this.epochs);
    this.canvas.setAttribute("aria-valuenow", Math.round(this.cursor ?? last));
  }

  line(fromX, fromY, toX, toY, colour) {
    const { context } = this;
    context.setLineDash([]);
    context.strokeStyle = themed(colour);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
  }

  epochAt(left) {
    const epoch = ((left - LEFT) / (this.right - LEFT)) * this.epochs;
    const every = this.curves.flatMap(({ points }) => points);
    return every.length ? nearest(every, epoch)[0] : null;
  }

  point(epoch) {
    if (epoch === this.cursor) return;
    this.cursor = epoch;
    this.paint();
    this.moved(epoch);
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[event.key];
    const all = [...new Set(this.curves.flatMap(({ points }) => points.map(([epoch]) => epoch)))].sort((a, b) => a - b);
    if (!step || !all.length) return;
    event.preventDefault();
    const at = this.cursor === null ? all.length - 1 : all.indexOf(this.cursor) + step;
    this.point(all[Math.max(0, Math.min(at, all.length - 1))]);
  }
}

function nearest(points, epoch) {
  return points.reduce((best, point) => (Math.abs(point[0] - epoch) < Math.abs(best[0] - epoch) ? point : best));
}

// How many epochs the axis has room for: all of them, or not many more than were done.
function span(done, all) {
  const steps = Math.ceil(Math.log2(Math.max(1, done / FEW)));
  return Math.min(all, FEW * 2 ** steps);
}

// From which value to which the axis goes. The first ones of a run may lie above it.
function reach(curves, highest) {
  const points = curves.flatMap((curve) => curve.points);
  if (!points.length) return [0, 1];
  const now = Math.max(...curves.map((curve) => curve.points.at(-1)[0]));
  const late = points.filter(([epoch]) => epoch >= EARLY * now).map(([, value]) => value);
  const values = late.filter((value) => value <= highest);
  const [least, most] = [Math.min, Math.max].map((of) => values.reduce((one, other) => of(one, other)));
  const margin = 0.06 * (most - least) || 0.5;
  return [Math.max(least >= 0 ? 0 : -Infinity, least - margin), most + 2 * margin];
}

// Round numbers from `low` to `high`, about `count` of them.
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function plain(value) {
  return (value < 0 ? "−" : "") + Math.abs(value).toLocaleString("en-GB");
}
