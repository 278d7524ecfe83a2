// One row of the arithmetic: a - b + c as one model sees it, and the way from c to the result.

import { mark } from "../ui/mark.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { write } from "../ui/words.js";
import { verdict } from "./rows.js";

const SIDE = 28;
const STEPS = 5;
const FRACTIONS = { 0: "c", 0.25: "¼", 0.5: "½", 0.75: "¾", 1: "result" };

export class Sum {
  constructor(facts, take) {
    this.facts = facts;
    this.row = null;
    this.words = make("p", "share value");
    this.words.dataset.term = "sure";
    this.words.tabIndex = 0;
    const name = make("div", "strip-name", make("p", "", mark(facts), facts.label), this.words);
    name.title = facts.sentence;
    this.terms = ["a", "b", "c"].map((term) => picture(`${term}, drawn by ${facts.label}`));
    this.result = picture(`a − b + c, drawn by ${facts.label}`);
    this.button = make("button", "result");
    this.button.type = "button";
    this.button.title = "Click to put it on the canvas";
    this.button.append(this.result);
    this.button.addEventListener("click", () => take(facts, this.row.pictures.at(-1), this.row.side));
    const [a, b, c] = this.terms;
    const sum = make("div", "sum-terms", a, sign("−"), b, sign("+"), c, sign("="), this.button);
    this.way = Array.from({ length: STEPS }, () => make("figure", "", picture(""), make("figcaption")));
    const way = make("div", "way", ...this.way);
    way.setAttribute("role", "group");
    way.setAttribute("aria-label", `The way from c to the result, ${facts.label}`);
    way.dataset.term = "way";
    this.element = make("article", "sum", name, sum, way);
    this.element.style.setProperty("--model", facts.colour);
    this.element.dataset.sum = facts.name;
    this.element.setAttribute("aria-label", facts.label);
    this.show(null);
  }

  // Shows a row: a, b, then the way from c to the result. Null while there is none.
  show(row, steps = []) {
    this.row = row;
    this.button.disabled = !row;
    write(this.words, verdict(row, row ? row.pictures.length - 1 : 0));
    const [a, b, ...way] = row?.pictures ?? [];
    const paint = (canvas, grey) => (grey ? paintGrey(canvas, grey, row.side) : paintNothing(canvas, SIDE));
    [a, b, way[0]].forEach((grey, i) => paint(this.terms[i], grey));
    paint(this.result, way.at(-1));
    this.way.forEach((figure, i) => {
      const words = FRACTIONS[steps[i]] ?? "";
      paint(figure.firstElementChild, way[i]);
      figure.firstElementChild.setAttribute("aria-label", words ? `${words}: ${verdict(row, i + 2)}` : "nothing yet");
      write(figure.lastElementChild, words);
    });
  }
}

function picture(label) {
  const canvas = make("canvas", "pixels");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

function sign(text) {
  return Object.assign(make("span", "sign"), { textContent: text });
}

function make(tag, className = "", ...children) {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
}
