// Distortion against rate, a mark a run: what each nat of code buys, with lines of equal −ELBO.

import { fit } from "../canvas.js";
import { make } from "../elements.js";
import { nats } from "../numbers.js";
import { colour as themed } from "../theme.js";
import { ticks } from "./chart.js";

const LEFT = 46;
const TOP = 20;
const FOOT = 40;
const RIGHT = 16;
const NEAR = 28; // pixels from a mark that still mean it
const MARK = 5; // half a mark's width
const FEW = 24; // marks that have their settings beside them

export class TradeOff {
  // `open` hears the id of a run whose mark was clicked.
  constructor(open) {
    this.open = open;
    this.points = [];
    this.at = null; // the run that is read
    this.canvas = make("canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "slider");
    this.canvas.setAttribute("aria-label", "Distortion against rate, a mark a run; arrow keys go from run to run, Enter opens one");
    this.readout = make("div", { className: "readout", hidden: true });
    this.element = make("div", { className: "chart-paper trade-off" }, this.canvas, this.readout);
    this.canvas.addEventListener("pointermove", (event) => this.point(this.nearest(event)));
    this.canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.point(null));
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("click", () => this.ready && this.open(this.at));
    this.canvas.addEventListener("blur", () => this.point(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paint()).observe(this.canvas);
  }

  // `points` by rising rate: { run, settings, model, state, epoch, epochs, rate, distortion, best };
  // `models` have a label, a colour and a mark by name.
  show(points, models) {
    this.points = points;
    this.models = models;
    if (!points.some(({ run }) => run === this.at)) this.at = null;
    this.paint();
  }

  // A finger first reads a mark, and opens it when it comes down on it again.
  press(event) {
    const run = this.nearest(event);
    this.ready = run !== null && (event.pointerType === "mouse" || run === this.at);
    this.point(run);
  }

  point(run) {
    if (run === this.at) return;
    this.at = run;
    this.paint();
  }

  nearest({ offsetX, offsetY }) {
    if (!this.x) return null;
    const far = this.points.map(({ rate, distortion }) => Math.hypot(this.x(rate) - offsetX, this.y(distortion) - offsetY));
    const least = Math.min(...far);
    return least <= NEAR ? this.points[far.indexOf(least)].run : null;
  }

  key(event) {
    const last = this.points.length - 1;
    if (last < 0) return;
    const now = this.points.findIndex(({ run }) => run === this.at);
    const to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last }[event.key];
    if (event.key === "Enter" && now >= 0) this.open(this.at);
    else if (to !== undefined) this.point(this.points[Math.max(0, Math.min(to, last))].run);
    else return;
    event.preventDefault();
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    this.context = fit(this.canvas, width, height);
    this.readout.hidden = true;
    if (!this.points.length) return;
    const { context } = this;
    context.font = "11.5px system-ui, sans-serif";
    [this.right, this.foot] = [width - RIGHT, height - FOOT];
    const rates = reach(this.points.map(({ rate }) => rate));
    const distortions = reach(this.points.map(({ distortion }) => distortion));
    const along = (value, [low, high]) => (value - low) / (high - low);
    this.x = (rate) => LEFT + along(rate, rates) * (this.right - LEFT);
    this.y = (distortion) => this.foot - along(distortion, distortions) * (this.foot - TOP);
    this.taken = []; // boxes where words are
    this.paintSums(rates, distortions);
    this.paintAxes(rates, distortions);
    this.paintFrontier();
    this.paintMarks();
    this.read();
  }

  paintAxes(rates, distortions) {
    const { context } = this;
    this.stroke([[LEFT + 0.5, TOP], [LEFT + 0.5, this.foot + 0.5], [this.right, this.foot + 0.5]], "--rule-strong");
    context.fillStyle = themed("--soft");
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const value of ticks(...rates, this.right - LEFT > 360 ? 8 : 4)) context.fillText(value, this.x(value), this.foot + 6);
    context.fillText("rate, nats per image", (LEFT + this.right) / 2, this.foot + 23);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of ticks(...distortions, 5)) context.fillText(value, LEFT - 6, this.y(value));
    context.textAlign = "left";
    context.fillText("distortion, nats per image", 2, 7);
  }

  // On each of these lines rate and distortion have the same sum, as the −ELBO has it.
  paintSums(rates, distortions) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(LEFT, TOP, this.right - LEFT, this.foot - TOP);
    context.clip();
    context.fillStyle = themed("--soft");
    context.textAlign = "left";
    context.textBaseline = "top";
    for (const sum of ticks(rates[0] + distortions[0], rates[1] + distortions[1], 6)) {
      const ends = rates.map((rate) => [this.x(rate), this.y(sum - rate)]);
      this.stroke(ends, "--rule-strong", [2, 4]);
      // Where the line comes in, at the left or at the top.
      const rate = Math.max(rates[0], sum - distortions[1]);
      const [left, top] = [this.x(rate), this.y(sum - rate)];
      const words = `−ELBO ${sum}`;
      const atTop = top < TOP + 2;
      const box = [left + (atTop ? 12 : 4), Math.max(TOP + 2, top - 14), context.measureText(words).width, 13];
      if (box[0] + box[2] > this.right) continue;
      this.taken.push(box);
      context.fillText(words, box[0], box[1]);
    }
    context.restore();
  }

  paintFrontier() {
    const line = this.points.filter(({ best }) => best);
    this.stroke(line.map(({ rate, distortion }) => [this.x(rate), this.y(distortion)]), "--rule-strong", [], 2);
  }

  paintMarks() {
    const { context } = this;
    for (const point of this.points) {
      const { colour, mark } = this.models[point.model];
      const [left, top] = [this.x(point.rate), this.y(point.distortion)];
      context.save();
      context.translate(left, top);
      context.scale(MARK, MARK);
      const path = new Path2D(mark);
      context.fillStyle = point.state === "done" ? colour : themed("--paper");
      context.strokeStyle = point.run === this.at ? themed("--ink") : colour;
      context.lineWidth = (point.run === this.at ? 2.5 : 1.5) / MARK;
      context.fill(path);
      context.stroke(path);
      context.restore();
    }
    if (this.points.length > FEW) return;
    context.fillStyle = themed("--ink");
    context.textBaseline = "middle";
    for (const point of this.points) this.label(point);
  }

  // What varied, at a side where nothing else is; nowhere if there is no such side.
  label(point) {
    const { context } = this;
    const words = inWords(point.settings);
    const wide = context.measureText(words).width;
    const [left, top] = [this.x(point.rate), this.y(point.distortion)];
    const marks = this.points.map(({ rate, distortion }) => [this.x(rate) - MARK, this.y(distortion) - MARK, 2 * MARK, 2 * MARK]);
    const places = [[left + 9, top - 7], [left + 9, top + 8], [left - 9 - wide, top + 8], [left - 9 - wide, top - 7]];
    const free = places.map(([x, y]) => [x, y - 7, wide, 14])
      .find((box) => box[0] >= LEFT && box[0] + wide <= this.right + RIGHT && box[1] >= TOP && box[1] + 14 <= this.foot
        && ![...this.taken, ...marks].some((other) => overlap(box, other)));
    if (!free) return;
    this.taken.push(free);
    context.textAlign = "left";
    context.fillText(words, free[0], free[1] + 7);
  }

  read() {
    const point = this.points.find(({ run }) => run === this.at);
    this.readout.hidden = !point;
    this.canvas.setAttribute("aria-valuetext", point ? spoken(point) : "no run chosen");
    this.canvas.setAttribute("aria-valuenow", point ? point.rate.toFixed(1) : 0);
    if (!point) return;
    const { settings, rate, distortion, state, epoch, epochs } = point;
    const rows = [
      ...Object.entries(settings).map(([name, value]) => [spell(name), value]),
      ["rate", nats(rate)], ["distortion", nats(distortion)], ["−ELBO", nats(rate + distortion)],
      ...(state === "done" ? [] : [[state, `epoch ${epoch} of ${epochs}`]]),
    ];
    this.readout.replaceChildren(
      ...rows.map(([name, value]) => make("div", {}, make("span", {}, name), make("b", {}, String(value)))),
      make("p", {}, "Click or Enter opens it"),
    );
    const left = this.x(rate);
    const rightHalf = left > (LEFT + this.right) / 2;
    this.readout.style.left = rightHalf ? "" : `${left + 14}px`;
    this.readout.style.right = rightHalf ? `${this.canvas.clientWidth - left + 14}px` : "";
  }

  stroke(places, colour, dash = [], width = 1) {
    const { context } = this;
    context.strokeStyle = themed(colour);
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    for (const place of places) context.lineTo(...place);
    context.stroke();
    context.setLineDash([]);
  }
}

const spell = (name) => name.replaceAll("_", " ");

function inWords(settings) {
  return Object.entries(settings).map(([name, value]) => `${spell(name)} ${value}`).join(", ");
}

function spoken({ settings, rate, distortion, state }) {
  return `${inWords(settings)}: rate ${nats(rate)}, distortion ${nats(distortion)} nats${state === "done" ? "" : `, ${state}`}`;
}

// From which value to which an axis goes.
function reach(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.1 * (high - low) || 1;
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin];
}

function overlap([x, y, wide, high], [left, top, across, down]) {
  return x < left + across && left < x + wide && y < top + down && top < y + high;
}
