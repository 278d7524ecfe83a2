// A scatter of digits: ten thousand dots that can be zoomed, moved, turned, and picked out.

import { onSight, onTheme } from "../../ui/canvas.js";
import { byDepth, paintDots } from "./dots.js";
import { ahead, extend, gestures, inside, nearest, steps } from "./gestures.js";
import { paintMarks } from "./marks.js";
import { Motion, View } from "./view.js";

const REACH = 12; // px from the pointer to the dot that is meant
const REACH_TOUCH = 28;

// The canvases are `.dots` and, above it, `.marks`. `calls` hears what the visitor does:
// hover(index), choose(index), pick(indices), clear(), and moved() after every change of the view.
export class Scatter {
  constructor(element, classes, calls, signal) {
    this.element = element;
    this.classes = classes;
    this.calls = calls;
    this.dots = element.querySelector(".dots").getContext("2d");
    this.marks = element.querySelector(".marks").getContext("2d");
    this.view = new View();
    this.motion = new Motion((points) => this.moveTo(points));
    this.labels = new Uint8Array(0);
    this.points = new Float32Array(0); // x, y, z of every digit, within 1 of the middle
    this.places = new Float32Array(0); // x, y and nearness on the screen
    this.order = null; // far to near, in space
    this.hidden = new Array(classes.length).fill(false);
    this.picked = null; // one byte a digit: whether it is among those picked out
    this.hovered = -1;
    this.home = null; // { indices, weights } of the drawing
    this.outline = [];
    this.waiting = false;
    this.tool = "";
    this.seen = (i) => !this.hidden[this.labels[i]];
    gestures(this.marks.canvas, this);
    steps(this.marks.canvas, this);
    onSight(element, (sighted) => sighted && this.resize(), signal);
    onTheme(() => this.paint(), signal);
  }

  // Shows another map. Digits that stay glide to where they are now, within `duration` ms.
  show({ labels, points, deep, axes }, duration) {
    const same = labels.length === this.labels.length;
    if (!same || deep !== this.view.deep) this.view.become(deep);
    if (!same) {
      this.places = new Float32Array(points.length);
      this.hovered = -1;
      this.picked = null;
      this.outline = [];
    }
    this.labels = labels;
    this.order = deep ? new Uint32Array(labels.length) : null;
    this.axes = axes;
    this.motion.to(points, same ? duration : 0);
  }

  moveTo(points) {
    this.points = points;
    this.paint();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.dots.canvas;
    const ratio = devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.dots.canvas.width === wide && this.dots.canvas.height === high) return;
    for (const { canvas } of [this.dots, this.marks]) {
      canvas.width = wide;
      canvas.height = high;
    }
    this.view.width = width;
    this.view.height = height;
    this.paintNow();
  }

  // Dots grow with the view, but slower, and are smaller where there are many.
  get radius() {
    const plain = Math.min(3.6, 2.1 * (5000 / Math.max(1, this.labels.length)) ** 0.3);
    return Math.min(9, plain * this.view.zoom ** 0.4 * (this.view.width > 600 ? 1.25 : 1));
  }

  paint() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paintNow();
    });
  }

  paintNow() {
    if (!this.view.width) return;
    this.view.project(this.points, this.places);
    if (this.order) byDepth(this.places, this.order);
    paintDots(this.dots, { ...this, radius: this.radius, ratio: devicePixelRatio });
    this.paintMarks();
    this.calls.moved();
  }

  paintMarks() {
    if (this.view.width) paintMarks(this.marks, this);
  }

  // What the visitor does, in px of the canvas.

  hoverAt(x, y, reach = REACH) {
    this.point(nearest(this.places, x, y, reach, this.seen), true);
  }

  leave() {
    this.point(-1, true);
  }

  clickAt(x, y, touch) {
    const found = nearest(this.places, x, y, touch ? REACH_TOUCH : REACH, this.seen);
    // A finger cannot hover: its first tap shows the digit, and another one takes it.
    const known = found === this.hovered;
    this.point(found, true);
    if (found >= 0 && (!touch || known)) this.calls.choose(found);
  }

  drag(dx, dy, shifted) {
    if (this.view.deep && !shifted) this.view.turn(dx, dy);
    else this.view.shift(dx, dy);
    this.paint();
  }

  shift(dx, dy) {
    this.view.shift(dx, dy);
    this.paint();
  }

  zoomAt(factor, x, y) {
    this.view.zoomAt(factor, x, y);
    this.paint();
  }

  fit() {
    this.view.fit();
    this.paint();
  }

  outlineFrom(x, y) {
    if (!this.outline.length) this.outline.push([x, y]);
  }

  outlineTo(x, y) {
    extend(this.outline, x, y);
    this.paintMarks();
  }

  closeOutline() {
    if (this.outline.length > 2) this.calls.pick(inside(this.outline, this.places, this.seen));
    this.dropOutline();
  }

  dropOutline() {
    if (!this.outline.length) return;
    this.outline = [];
    this.paintMarks();
  }

  // Steps to the next digit in a direction; the first step goes to the middle of the view.
  step(dx, dy) {
    const { width, height } = this.view;
    const from = this.hovered;
    const next = from < 0
      ? nearest(this.places, width / 2, height / 2, Infinity, this.seen)
      : ahead(this.places, from, dx, dy, this.seen);
    if (next >= 0) this.goTo(next);
  }

  choose() {
    if (this.hovered >= 0) this.calls.choose(this.hovered);
  }

  clear() {
    this.dropOutline();
    this.point(-1, true);
    this.calls.clear();
  }

  // What the rest of the tab does.

  // Puts the ring on a digit; `told` says whether the tab should hear of it.
  point(index, told = false) {
    if (index === this.hovered) return;
    this.hovered = index < this.labels.length ? index : -1;
    this.paintMarks();
    if (told) this.calls.hover(this.hovered);
  }

  // Brings a digit into sight and puts the ring on it.
  goTo(index) {
    const place = this.placeOf(index);
    if (!place) return;
    if (this.view.deep || !this.holds(place)) this.view.centre(place);
    this.paintNow();
    this.point(index);
    this.calls.hover(index);
  }

  holds([x, y], margin = 40) {
    const { width, height } = this.view;
    return x > margin && y > margin && x < width - margin && y < height - margin;
  }

  placeOf(index) {
    return index < this.labels.length ? [this.places[3 * index], this.places[3 * index + 1]] : null;
  }

  // Where on the screen a point of the map lies.
  placeFor(point) {
    const place = new Float32Array(3);
    this.view.project(point, place);
    return [place[0], place[1]];
  }

  // Only the classes that are not hidden are shown.
  hide(hidden) {
    this.hidden = hidden;
    if (this.hovered >= 0 && !this.seen(this.hovered)) this.point(-1, true);
    this.paint();
  }

  // Picks some digits out, or with null none.
  pick(indices) {
    this.picked = indices && new Uint8Array(this.labels.length);
    for (const i of indices ?? []) if (i < this.labels.length) this.picked[i] = 1;
    this.paint();
  }

  // Where the drawing lies: { indices, weights } of the digits that decide it. Without weights the
  // digits are marked alone.
  settle(home) {
    this.home = home;
    this.paintMarks();
  }
}
