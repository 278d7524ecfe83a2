// The digit of the point, large, beside the point: it travels with it and never covers it.

import { make } from "../ui/elements.js";
import { paintGrey } from "../ui/pixels.js";

const LARGEST = 160; // pixels of the page
const SHARE = 0.42; // of a map, that it may take at most
const AWAY = 18; // pixels from the point
const SIDE = 28;

export class Follower {
  constructor() {
    this.element = make("canvas", { className: "follower", ariaHidden: "true", hidden: true });
  }

  /** @param {Uint8Array} grey */
  paint(grey) {
    paintGrey(this.element, grey, SIDE);
    this.element.hidden = false;
  }

  clear() {
    this.element.hidden = true;
  }

  // Beside a point of a map that is `side` wide, at shares of it across and up.
  /** @type {(point: { u: number, v: number }, side: number) => void} */
  follow({ u, v }, side) {
    const size = Math.min(LARGEST, Math.round(SHARE * side));
    const { left, top } = besides(u * side, (1 - v) * side, size, side);
    Object.assign(this.element.style, { width: `${size}px`, height: `${size}px`, transform: `translate(${left}px, ${top}px)` });
  }
}

// Where a square of `size` lies wholly within a map, to the right and above of a point if there is room.
/** @type {(x: number, y: number, size: number, side: number) => { left: number, top: number }} */
export function besides(x, y, size, side) {
  const right = x + AWAY + size <= side;
  const left = right ? x + AWAY : x - AWAY - size;
  const fits = left >= 0;
  const above = y - AWAY - size >= 0;
  const top = above ? y - AWAY - size : y + AWAY;
  return { left: fits ? left : Math.max(0, Math.min(x - size / 2, side - size)), top: Math.max(0, Math.min(top, side - size)) };
}
