// The samples of one model: one picture of them all, and over it one button each.

import { mark } from "../ui/choices.js";
import { write } from "../ui/elements.js";
import { hitsOf, verdict } from "./rows.js";

export class Grid {
  constructor(facts, take) {
    this.facts = facts;
    this.take = take;
    this.row = null;
    this.at = 0; // the one sample that the Tab key finds; the arrows find the others
    this.canvas = make("canvas", "pixels");
    this.canvas.setAttribute("aria-hidden", "true");
    this.buttons = make("div", "cells");
    this.paper = make("div", "grid-paper", this.canvas, this.buttons);
    this.paper.setAttribute("role", "group");
    this.paper.setAttribute("aria-label", `Samples of ${facts.label}`);
    this.source = make("p", "source");
    this.share = make("p", "share value");
    this.share.dataset.term = "is-digit";
    this.share.tabIndex = 0;
    const title = make("h3", "", mark(facts), facts.label);
    title.title = facts.sentence;
    this.element = make("article", "card grid", make("header", "", title, this.source), this.paper, this.share);
    this.element.style.setProperty("--model", facts.colour);
    this.element.dataset.samples = facts.name;
    this.element.setAttribute("aria-label", facts.label);
    this.buttons.addEventListener("keydown", (event) => this.move(event));
  }

  show(row, across) {
    this.row = row;
    this.across = across;
    write(this.source, this.facts.samples ? "z ~ N(0, I), its prior" : "z ~ a Gaussian fitted to its codes");
    const hits = hitsOf(row);
    write(this.share, hits === null ? "–" : `${hits} of these ${row.pictures.length} are digits`);
    this.paper.hidden = false;
    this.paint();
    this.label();
  }

  fail(sentence) {
    this.row = null;
    this.paper.hidden = true;
    write(this.source, "");
    write(this.share, sentence);
  }

  paint() {
    const { pictures, side } = this.row;
    const lines = Math.ceil(pictures.length / this.across);
    this.canvas.width = side * this.across;
    this.canvas.height = side * lines;
    this.paper.style.setProperty("--across", this.across);
    const context = this.canvas.getContext("2d");
    const image = new ImageData(side, side);
    pictures.forEach((grey, i) => {
      const words = new Uint32Array(image.data.buffer);
      grey.forEach((value, at) => (words[at] = 0xff000000 | (value * 0x010101)));
      context.putImageData(image, side * (i % this.across), side * Math.floor(i / this.across));
    });
  }

  label() {
    const { pictures, digits } = this.row;
    if (this.buttons.childElementCount !== pictures.length) {
      this.buttons.replaceChildren(...pictures.map((_, i) => this.button(i)));
      this.at = Math.min(this.at, pictures.length - 1);
      this.buttons.children[this.at].tabIndex = 0;
    }
    [...this.buttons.children].forEach((button, i) => {
      const words = digits ? `, ${verdict(this.row, i)}` : "";
      button.setAttribute("aria-label", `Sample ${i + 1}${words}`);
      button.title = `${digits ? `${verdict(this.row, i)}. ` : ""}Click to put it on the canvas`;
      button.classList.toggle("unsure", Boolean(digits) && !digits[i]);
    });
  }

  button(i) {
    const button = make("button", "");
    button.type = "button";
    button.tabIndex = -1;
    button.addEventListener("click", () => this.take(this.facts, this.row, i));
    button.addEventListener("focus", () => {
      this.buttons.children[this.at].tabIndex = -1;
      this.at = i;
      button.tabIndex = 0;
    });
    return button;
  }

  move(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.across, ArrowDown: this.across }[event.key];
    const target = this.buttons.children[this.at + step];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}

function make(tag, className, ...children) {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
}
