// One row of a walk: the frame on show, large, and the strip of all frames.

import { sureOf } from "../engine/rows.js";
import { mark } from "../ui/mark.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { write } from "../ui/words.js";
import { verdict } from "./rows.js";
import { Strip } from "./strip.js";

const SIDE = 28;

export class Screen {
  constructor(facts, seek) {
    this.facts = facts;
    this.row = null;
    this.picture = make("canvas", "pixels");
    this.picture.setAttribute("role", "img");
    this.picture.setAttribute("aria-label", `${facts.label}, the frame on show`);
    this.words = make("figcaption", "value");
    this.words.dataset.term = "sure";
    this.words.tabIndex = 0;
    this.large = this.card();
    this.share = make("p", "share value");
    this.share.dataset.term = "sure";
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
    const sure = row && sureOf(row);
    write(this.share, row && sure !== null ? `sure of ${sure} of ${row.pictures.length}` : "–");
    this.small.classList.toggle("blank", !row);
    if (row) {
      this.strip.show(row, leg);
    } else {
      paintNothing(this.picture, SIDE);
      write(this.words, "–");
    }
  }

  point(frame) {
    if (!this.row) return;
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
