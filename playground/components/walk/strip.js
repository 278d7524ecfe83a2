// All frames of one film side by side, with what is said of each below it: how near to digits it is
// as a line, and its class as a digit if it is one. Too long a film goes on in the next line.

import { colour as themed, font, sizeOf } from "../ui/canvas.js";
import { mark } from "../ui/choices.js";
import { write } from "../ui/elements.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { hitsOf, verdict } from "./rows.js";

const SIDE = 28;
const CHART = 17; // pixels, the line's
const DIGITS = 11; // pixels on a desk
const BELOW = 6; // between lines

// The strip of a film. `seek` hears which frame was pointed at.
class Strip {
  constructor(facts, seek) {
    this.facts = facts;
    this.row = null;
    this.element = document.createElement("div");
    this.element.className = "strip-paper";
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.cursor = document.createElement("span");
    this.cursor.className = "cursor";
    this.element.append(this.canvas, this.cursor);
    this.canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.canvas.setPointerCapture(event.pointerId);
      seek(this.frameAt(event));
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.canvas.hasPointerCapture(event.pointerId)) seek(this.frameAt(event));
    });
  }

  // Shows a row; `leg` frames that belong together are not torn apart.
  show(row, leg) {
    this.row = row;
    this.leg = leg;
    this.paint();
  }

  paint() {
    const width = this.element.clientWidth;
    if (!width || !this.row) return;
    const { pictures } = this.row;
    this.tile = SIDE * (innerWidth >= 1680 ? 2 : 1);
    const most = Math.max(1, Math.floor(width / this.tile));
    const even = Math.ceil(pictures.length / Math.ceil(pictures.length / most));
    this.across = this.leg && this.leg <= most ? most - (most % this.leg) : even;
    this.digits = sizeOf(DIGITS) + 1;
    this.pitch = this.tile + CHART + this.digits + BELOW;
    const lines = Math.ceil(pictures.length / this.across);
    const context = fitted(this.canvas, Math.min(this.across, pictures.length) * this.tile, lines * this.pitch - BELOW);
    context.imageSmoothingEnabled = false;
    const sprite = spriteOf(pictures, this.row.side);
    for (let line = 0; line < lines; line++) {
      const from = line * this.across;
      const count = Math.min(this.across, pictures.length - from);
      const top = line * this.pitch;
      context.drawImage(sprite, from * SIDE, 0, count * SIDE, SIDE, 0, top, count * this.tile, this.tile);
      if (this.row.digits) this.paintVerdicts(context, from, count, top + this.tile);
    }
    this.cursor.style.width = this.cursor.style.height = `${this.tile}px`;
    const hits = hitsOf(this.row);
    const judged = hits === null ? "" : `; ${hits} of them are digits`;
    this.canvas.setAttribute("aria-label", `Film of ${this.facts.label}, ${pictures.length} frames${judged}`);
  }

  paintVerdicts(context, from, count, top) {
    const { unlike, limit } = this.row;
    const y = (far) => top + 4 + Math.max(0, Math.min(far / limit - 0.5, 1)) * (CHART - 5); // the limit is half way
    const x = (i) => (i + 0.5) * this.tile;
    context.fillStyle = themed("--rule");
    context.fillRect(0, Math.round(y(limit)), count * this.tile, 1);
    context.strokeStyle = this.facts.colour;
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    context.beginPath();
    for (let i = 0; i < count; i++) context.lineTo(x(i), y(unlike[from + i]));
    context.stroke();
    context.lineTo(x(count - 1), top + CHART - 1);
    context.lineTo(x(0), top + CHART - 1);
    context.globalAlpha = 0.16;
    context.fillStyle = this.facts.colour;
    context.fill();
    context.globalAlpha = 1;
    context.font = font(DIGITS);
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    for (let i = 0; i < count; i++) {
      const hit = this.row.digits[from + i];
      context.fillStyle = themed(hit ? "--ink" : "--soft");
      context.fillText(hit ? this.row.classes[from + i] : "×", x(i), top + CHART + this.digits - 1);
    }
  }

  point(frame) {
    const line = Math.floor(frame / this.across);
    const left = (frame - line * this.across) * this.tile;
    this.cursor.style.transform = `translate(${left}px, ${line * this.pitch}px)`;
  }

  frameAt({ offsetX, offsetY }) {
    const line = Math.max(0, Math.floor(offsetY / this.pitch));
    const column = Math.max(0, Math.min(this.across - 1, Math.floor(offsetX / this.tile)));
    return line * this.across + column;
  }
}

function spriteOf(pictures, side) {
  const canvas = new OffscreenCanvas(side * pictures.length, side);
  const context = canvas.getContext("2d");
  pictures.forEach((grey, frame) => {
    const image = new ImageData(side, side);
    const words = new Uint32Array(image.data.buffer);
    grey.forEach((value, i) => (words[i] = 0xff000000 | (value * 0x010101)));
    context.putImageData(image, frame * side, 0);
  });
  return canvas;
}

// The canvas cleared and sized, one pixel per screen pixel, its unit one pixel of the page.
function fitted(canvas, width, height) {
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

// One row of a walk: the frame on show, large, and the strip of all frames.

export class Screen {
  constructor(facts, seek) {
    this.facts = facts;
    this.row = null;
    this.picture = make("canvas", "pixels");
    this.picture.setAttribute("role", "img");
    this.picture.setAttribute("aria-label", `${facts.label}, the frame on show`);
    this.words = make("figcaption", "value");
    this.words.dataset.term = "is-digit";
    this.words.tabIndex = 0;
    this.large = this.card();
    this.share = make("p", "share value");
    this.share.dataset.term = "is-digit";
    this.share.tabIndex = 0;
    this.strip = new Strip(facts, seek);
    this.small = make("div", "strip-row", this.heading(), this.strip.element);
    this.small.dataset.film = facts.name;
    this.show(null);
  }

  card() {
    const card = make("article", "card", make("header", "", this.title()), make("figure", "", this.picture, this.words));
    card.style.setProperty("--model", this.facts.colour);
    card.dataset.screen = this.facts.name;
    card.setAttribute("aria-label", this.facts.label);
    return card;
  }

  title() {
    const title = make("h3", "", mark(this.facts), this.facts.label);
    title.title = this.facts.sentence;
    return title;
  }

  heading() {
    return make("div", "strip-name", make("p", "", mark(this.facts), this.facts.label), this.share);
  }

  // Shows a film, null for none. `leg` is how many frames of it belong together.
  show(row, leg = 0) {
    this.row = row;
    const hits = hitsOf(row);
    write(this.share, hits === null ? "–" : `${hits} of ${row.pictures.length} are digits`);
    this.small.classList.toggle("blank", !row);
    if (row) {
      this.strip.show(row, leg);
    } else {
      paintNothing(this.picture, SIDE);
      write(this.words, "–");
    }
  }

  point(frame) {
    if (!this.row || frame >= this.row.pictures.length) return;
    paintGrey(this.picture, this.row.pictures[frame], this.row.side);
    write(this.words, verdict(this.row, frame));
    this.strip.point(frame);
  }

  paint() {
    this.strip.paint();
  }
}

function make(tag, className, ...children) {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
}
