// The one chart for what people read: lines and marks between two axes with units, drawn by Plotly in
// the colours of the theme, and told in words to those who listen.

import { newest } from "../../engine/wire.js";
import { onTheme } from "../canvas.js";
import { make, write } from "../elements.js";
import { figure } from "./figure.js";
import { onView, plotly } from "../late.js";

/** @import { Line, Stop, View } from "./figure.js" */

// `moved` hears at which stop the pointer or the keyboard is, or null; `open` hears of the one that
// was clicked, or chosen by Enter.
/** @typedef {{ signal: AbortSignal, moved?: (stop: Stop | null) => unknown, open?: (stop: Stop) => unknown }} Listening */

export class Chart {
  /**
   * @param {string} label
   * @param {Listening} listening
   */
  constructor(label, { signal, moved = () => {}, open }) {
    this.signal = signal;
    this.moved = moved;
    this.open = open;
    /** @type {View | null} */
    this.view = null;
    /** @type {Stop[]} */
    this.stops = [];
    /** @type {number | null} */
    this.at = null;
    /** @type {any} */
    this.plotly = null; // until the chart is first seen
    this.viewed = false;
    this.finger = false; // or a pen: what points with no mouse
    /** @type {number | null} */
    this.ready = null; // the stop that a finger may open
    /** @type {Promise<unknown> | undefined} */
    this.drawing = undefined; // what Plotly is at, or was
    this.paper = make("div", { className: "chart-paper", tabIndex: 0, role: "slider", ariaLabel: label, ariaValueNow: "0" });
    this.told = make("p", { className: "unseen" });
    this.element = make("div", { className: "chart" }, this.paper, this.told);
    this.draw = newest(() => this.react(), (busy) => (this.element.ariaBusy = String(busy)));
    this.listen();
  }

  listen() {
    const { paper, signal } = this;
    paper.addEventListener("keydown", (event) => this.key(event));
    paper.addEventListener("blur", () => this.go(null));
    paper.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.go(null));
    // A finger first reads a mark, and opens it when it comes down on it again.
    paper.addEventListener("pointerdown", (event) => {
      this.finger = event.pointerType !== "mouse";
      this.ready = this.at;
    });
    onView(this.element, (viewed) => {
      this.viewed = viewed;
      if (viewed) this.draw();
    }, signal);
    onTheme(this.draw, signal);
    const sized = new ResizeObserver(this.draw);
    sized.observe(paper);
    signal.addEventListener("abort", () => {
      sized.disconnect();
      // Plotly still looks at what it has just drawn, which must be there until then.
      Promise.resolve(this.drawing).catch(() => {}).then(() => this.plotly?.purge(paper));
    });
  }

  // What the chart shows from now on. The cursor stays where it is, unless the view says where.
  /** @type {(view: View) => void} */
  show(view) {
    const before = this.at === null ? null : keyOf(this.stops[this.at]);
    this.view = view;
    this.stops = view.stops ?? stopsOf(view.lines);
    const same = this.stops.findIndex((stop) => keyOf(stop) === before);
    this.at = view.at !== undefined ? view.at : same < 0 ? null : same;
    this.tell();
    this.draw();
  }

  async react() {
    if (!this.viewed || !this.view) return;
    try {
      this.plotly ??= await plotly();
    } catch (error) {
      write(this.paper, /** @type {Error} */ (error).message);
      return;
    }
    const { paper } = this;
    const { clientWidth: width, clientHeight: height } = paper;
    if (this.signal.aborted || !width) return;
    const first = !("data" in paper);
    if (first) paper.replaceChildren();
    const { traces, layout } = figure(this.view, width, height, parseFloat(getComputedStyle(paper).fontSize));
    this.drawing = this.plotly.react(paper, traces, layout, { displayModeBar: false });
    await this.drawing;
    if (this.signal.aborted) return;
    if (first) this.hear();
    this.point();
  }

  hear() {
    const plot = /** @type {any} */ (this.paper);
    const nearest = (/** @type {any} */ { points: [point] }) => this.nearest(point);
    plot.on("plotly_hover", (/** @type {any} */ event) => this.go(nearest(event), true));
    plot.on("plotly_click", (/** @type {any} */ event) => {
      const at = nearest(event);
      if (!this.finger || at === this.ready) this.open?.(this.stops[at]);
    });
  }

  /** @type {(point: { x: number, y: number }) => number} */
  nearest(point) {
    const along = this.view?.x.log ? Math.log : Number;
    const far = this.stops.map(({ x, y = point.y }) => Math.abs(along(x) - along(point.x)) + Math.abs(y - point.y));
    return far.indexOf(Math.min(...far));
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const last = this.stops.length - 1;
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Enter" && this.at !== null) this.open?.(this.stops[this.at]);
    else if (step && last >= 0) this.go(Math.max(0, Math.min(last, (this.at ?? (step < 0 ? last + 1 : -1)) + step)));
    else return;
    event.preventDefault();
  }

  // To a stop, or away from all of them.
  /** @type {(at: number | null, pointed?: boolean) => void} */
  go(at, pointed = false) {
    if (at === this.at || (at === null && this.view?.at !== undefined)) return;
    this.at = at;
    this.tell();
    if (!pointed) this.point();
    this.moved(at === null ? null : this.stops[at]);
  }

  // Plotly's own words for where the cursor is.
  point() {
    if (!("data" in this.paper) || this.view?.hover === "none") return;
    const stop = this.at === null ? null : this.stops[this.at];
    if (stop) this.plotly.Fx.hover(this.paper, { xval: stop.x, yval: stop.y ?? 0 });
    else this.plotly.Fx.unhover(this.paper);
  }

  tell() {
    const { view, paper, stops } = this;
    if (!view) return;
    const ends = toldOf(view.lines).map(({ points }) => points[points.length - 1][0]);
    write(this.told, view.told ?? (ends.length ? reading(view, Math.max(...ends)) : "Nothing to show yet."));
    // A line that grows while it has focus would be read out without end.
    if (this.at === null && document.activeElement === paper) return;
    const stop = this.at === null ? null : stops[this.at];
    paper.ariaValueMin = "0";
    paper.ariaValueMax = String(Math.max(0, stops.length - 1));
    paper.ariaValueNow = String(this.at ?? 0);
    paper.ariaValueText = stop ? (stop.words ?? reading(view, stop.x)) : this.told.textContent;
  }
}

/** @type {(stop: Stop) => string | number} */
const keyOf = ({ name, x }) => name ?? x;

// The lines that are there to be read.
/** @type {(lines: Line[]) => Line[]} */
const toldOf = (lines) => lines.filter(({ silent, points }) => !silent && points.length);

// Where a line or a mark is, in order.
/** @type {(lines: Line[]) => Stop[]} */
function stopsOf(lines) {
  const every = toldOf(lines).flatMap(({ points }) => points.map(([x]) => x));
  return [...new Set(every)].sort((one, other) => one - other).map((x) => ({ x }));
}

// What all lines are at one place, each at its point that is nearest.
/** @type {(view: View, x: number) => string} */
function reading({ lines, x: across, y: up }, x) {
  const far = (/** @type {number[]} */ point) => Math.abs(point[0] - x);
  const words = toldOf(lines).map(({ label, points }) => {
    const [, level] = points.reduce((best, point) => (far(point) < far(best) ? point : best));
    return `${label} ${up.read(level)}`;
  });
  return `${across.read(x)}: ${words.join(", ")}`;
}
