// A pad: a square to drag a point in. The ground is painted when it changes, the point when it moves.

import { fit, sizeOf } from "../canvas.js";
import { make } from "../elements.js";

// Pixels beside the square and below it, for its numbers, which are as large as the page wants its words.
// space.css leaves as much.
export const margins = () => ({ left: Math.round(2.4 * sizeOf(11) + 4), foot: Math.round(sizeOf(11) + 7) });

const STEP = 0.01; // of the side, for an arrow key
const LEAP = 0.1; // the same with Shift

/** @typedef {(context: CanvasRenderingContext2D, side: number) => unknown} Paint */

export class Pad {
  // `paintGround` and `paintTop` get a context whose unit is a pixel of the page, and the side of
  // the square. `moved` hears the point, from 0 to 1 across and from 0 to 1 up.
  /**
   * @param {{
   *   paintGround: Paint, paintTop: Paint, moved: (point: { u: number, v: number }) => unknown,
   * }} calls
   */
  constructor({ paintGround, paintTop, moved }) {
    this.point = { u: 0.5, v: 0.5 };
    this.moved = moved;
    this.paintGround = paintGround;
    this.paintTop = paintTop;
    this.box = new DOMRect(); // of the square, while it is dragged in
    this.side = 0;
    this.wanted = 0;
    this.ground = make("canvas", { className: "pad-ground" });
    this.top = make("canvas", { className: "pad-top", tabIndex: 0 });
    this.top.setAttribute("role", "slider");
    this.top.setAttribute("aria-roledescription", "pad");
    this.top.setAttribute("aria-valuenow", "50");
    this.top.setAttribute("aria-label", "Latent space, still loading");
    this.element = make("div", { className: "pad" }, this.ground, this.top);
    this.top.addEventListener("pointerdown", (event) => this.grab(event));
    this.top.addEventListener("pointermove", (event) => this.drag(event));
    this.top.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.resize()).observe(this.top);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    if (event.button !== 0) return;
    this.top.setPointerCapture(event.pointerId);
    this.box = this.top.getBoundingClientRect();
    this.drag(event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.top.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = this.box;
    this.go((event.clientX - left) / width, 1 - (event.clientY - top) / height);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = event.shiftKey ? LEAP : STEP;
    const { u, v } = this.point;
    /** @type {{ [key: string]: [number, number] }} */
    const places = {
      ArrowLeft: [u - step, v],
      ArrowRight: [u + step, v],
      ArrowUp: [u, v + step],
      ArrowDown: [u, v - step],
      Home: [0.5, 0.5],
    };
    const place = places[event.key];
    if (!place || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.go(...place);
  }

  /**
   * @param {number} u
   * @param {number} v
   */
  go(u, v) {
    this.place(u, v);
    this.moved(this.point);
  }

  // Puts the point somewhere without telling anybody.
  /**
   * @param {number} u
   * @param {number} v
   */
  place(u, v) {
    this.point = { u: Math.max(0, Math.min(u, 1)), v: Math.max(0, Math.min(v, 1)) };
    this.refresh();
  }

  // Names the pad, and says what lies at its point to those who listen instead of look.
  /**
   * @param {string} name
   * @param {string} words
   */
  announce(name, words) {
    this.top.setAttribute("aria-label", `${name}. Arrow keys move the point, with Shift further; Home goes to the middle.`);
    this.top.setAttribute("aria-valuenow", String(Math.round(100 * this.point.u)));
    this.top.setAttribute("aria-valuetext", words);
  }

  resize() {
    this.side = this.top.clientWidth;
    if (!this.side) return;
    this.repaint();
    this.refresh();
  }

  // Everything below the point.
  repaint() {
    if (!this.side) return;
    const { left, foot } = margins();
    const context = fit(this.ground, this.side + left, this.side + foot);
    context.save();
    context.translate(left, 0);
    this.paintGround(context, this.side);
    context.restore();
  }

  // The point and what else moves, once a frame.
  refresh() {
    this.wanted ||= requestAnimationFrame(() => {
      this.wanted = 0;
      if (!this.side) return;
      const context = fit(this.top, this.side, this.side);
      this.paintTop(context, this.side);
      paintPoint(context, this.point.u * this.side, (1 - this.point.v) * this.side, this.side);
    });
  }
}

// White on black, so that it is seen on any ground.
/** @type {(context: CanvasRenderingContext2D, x: number, y: number, side: number) => void} */
function paintPoint(context, x, y, side) {
  const lines = new Path2D();
  lines.moveTo(x, 0);
  lines.lineTo(x, y - 9);
  lines.moveTo(x, y + 9);
  lines.lineTo(x, side);
  lines.moveTo(0, y);
  lines.lineTo(x - 9, y);
  lines.moveTo(x + 9, y);
  lines.lineTo(side, y);
  const ring = new Path2D();
  ring.arc(x, y, 8, 0, 2 * Math.PI);
  for (const { shape, widths } of [{ shape: lines, widths: [3, 1] }, { shape: ring, widths: [5, 2.5] }]) {
    context.strokeStyle = shape === lines ? "#0008" : "#000";
    context.lineWidth = widths[0];
    context.stroke(shape);
    context.strokeStyle = shape === lines ? "#fffb" : "#fff";
    context.lineWidth = widths[1];
    context.stroke(shape);
  }
}
