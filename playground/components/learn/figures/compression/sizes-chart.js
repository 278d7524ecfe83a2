// PSNR against the size of a code, on a logarithmic axis: curves, dots, and a cursor at one size.

import { ticks } from "../../../ui/charts/chart.js";
import { make } from "../../../ui/elements.js";

const SVG = "http://www.w3.org/2000/svg";
const [LEFT, TOP, FOOT, RIGHT] = [38, 22, 40, 14];
const LANE = 18; // for notes above the plot
const MARGIN = 1.5; // dB above and below what is shown

export class SizesChart {
  // `choose(i)` hears which of the sizes the pointer or the keyboard is at.
  constructor(choose) {
    this.choose = choose;
    this.svg = drawn("svg", { tabindex: 0, role: "slider", "aria-label": "Size of the code; arrow keys change it" });
    this.element = make("div", { className: "sizes-chart" }, this.svg);
    for (const type of ["pointermove", "pointerdown"]) this.svg.addEventListener(type, (event) => this.point(event));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.paint()).observe(this.element);
  }

  // `view` has the `places` of the sizes along the axis, with their `words`, its `ticks` and `title`;
  // `curves` of { label, colour, mark, dashed, faint, points: [[x, dB], …] }, with the label beside the
  // point `named`; `dots` like these, alone; and `notes`, { x, words }, at the upper edge.
  show(view) {
    this.view = view;
    this.svg.setAttribute("aria-valuemin", 0);
    this.svg.setAttribute("aria-valuemax", view.places.length - 1);
    this.paint();
  }

  at(index, spoken) {
    this.index = index;
    this.svg.setAttribute("aria-valuenow", index);
    this.svg.setAttribute("aria-valuetext", spoken);
    this.paint();
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || !this.view) return;
    const { curves, dots, notes, places, title, words } = this.view;
    [this.right, this.foot] = [width - RIGHT, height - FOOT];
    this.top = TOP + (notes.length ? LANE : 0);
    const points = [...curves, ...dots].flatMap((each) => each.points);
    const levels = points.map(([, decibels]) => decibels);
    this.low = Math.min(...levels) - MARGIN;
    this.high = Math.max(...levels) + MARGIN;
    const across = [...this.view.ticks, ...points.map(([x]) => x), ...notes.map(({ x }) => x)];
    [this.first, this.last] = [Math.min(...across), Math.max(...across)].map(Math.log2);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.replaceChildren(
      ...this.axes(title),
      ...(this.index === undefined ? [] : [this.cursor(places[this.index], words[this.index])]),
      ...curves.flatMap((curve) => this.curve(curve)),
      ...dots.flatMap((each) => each.points.map((point) => this.mark(each, point))),
      ...notes.flatMap((note) => this.note(note)),
    );
  }

  x(value) {
    return LEFT + 8 + ((Math.log2(value) - this.first) / (this.last - this.first)) * (this.right - LEFT - 16);
  }

  y(decibels) {
    return this.foot - ((decibels - this.low) / (this.high - this.low)) * (this.foot - this.top);
  }

  axes(title) {
    const levels = ticks(this.low, this.high, 5).flatMap((value) => [
      drawn("line", { class: "rule", x1: LEFT, x2: this.right, y1: this.y(value), y2: this.y(value) }),
      written(value, { x: LEFT - 6, y: this.y(value) + 4, "text-anchor": "end" }),
    ]);
    const sizes = this.view.ticks.flatMap((value) => [
      drawn("line", { class: "axis", x1: this.x(value), x2: this.x(value), y1: this.foot, y2: this.foot + 4 }),
      written(value, { x: this.x(value), y: this.foot + 17, "text-anchor": "middle" }),
    ]);
    return [
      ...levels,
      drawn("line", { class: "axis", x1: LEFT, x2: this.right, y1: this.foot, y2: this.foot }),
      ...sizes,
      written("PSNR, dB", { x: 0, y: 12 }),
      written(title, { x: this.right, y: this.foot + 34, "text-anchor": "end" }),
    ];
  }

  cursor(value, words) {
    const place = this.x(value);
    const anchor = place > (LEFT + this.right) / 2 ? "end" : "start";
    const group = drawn("g", { class: "cursor" });
    group.append(
      drawn("line", { x1: place, x2: place, y1: TOP - 6, y2: this.foot }),
      written(words, { x: place + (anchor === "end" ? 6 : -6), y: 12, "text-anchor": anchor }),
    );
    return group;
  }

  curve(curve) {
    const { label, colour, dashed, faint, points, named } = curve;
    const path = points.map(([x, level], i) => `${i ? "L" : "M"}${this.x(x).toFixed(1)} ${this.y(level).toFixed(1)}`).join("");
    const line = drawn("path", { class: faint ? "curve faint" : "curve", d: path, stroke: colour });
    if (dashed) line.setAttribute("stroke-dasharray", "4 3");
    const marks = faint ? [] : points.map((point) => this.mark(curve, point));
    if (named === undefined) return [line, ...marks];
    const [x, level] = points[named];
    return [line, ...marks, written(label, { x: this.x(x) - 8, y: this.y(level) + 4, "text-anchor": "end", class: "name" })];
  }

  mark({ mark, colour, hollow }, [x, level]) {
    const shape = drawn("path", { d: mark, stroke: colour, fill: hollow ? "var(--paper)" : colour, class: "mark" });
    shape.setAttribute("transform", `translate(${this.x(x).toFixed(1)} ${this.y(level).toFixed(1)}) scale(${hollow ? 3.2 : 4.2})`);
    return shape;
  }

  note({ x, words }) {
    const left = this.x(x);
    return [
      drawn("path", { class: "arrow", d: `M${left} ${TOP}l-4 8h8z` }),
      written(words, { x: left - 8, y: TOP + 9, "text-anchor": "end" }),
    ];
  }

  point(event) {
    if (!this.view) return;
    const away = this.view.places.map((value) => Math.abs(this.x(value) - (event.clientX - this.svg.getBoundingClientRect().left)));
    this.choose(away.indexOf(Math.min(...away)));
  }

  key(event) {
    const last = this.view.places.length - 1;
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -last, End: last }[event.key];
    if (!step) return;
    event.preventDefault();
    this.choose(Math.max(0, Math.min(last, this.index + step)));
  }
}

function drawn(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function written(words, attributes) {
  const element = drawn("text", attributes);
  element.textContent = words;
  return element;
}
