// The third part: a - b + c, in pixels and in every chosen model's codes.

import { pixelSum, sumOf } from "../engine/evaluation/rows.js";
import { STEPS } from "../engine/latent/interpolation.js";
import { coder } from "../state/coders.js";
import { mark } from "../ui/choices.js";
import { write } from "../ui/elements.js";
import { putOnCanvas } from "../ui/inkwell.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { Slot } from "../ui/slot.js";
import { slotEntry } from "../ui/slotlink.js";
import { PIXELS, drawsRows, verdict } from "./rows.js";

const ADDED = { ...PIXELS, label: "Pixels", sentence: "No model: the pixels added up, cut off at black and white." };
const TERMS = [["a", 8, ""], ["b", 3, "−"], ["c", "drawing", "+"]];

export function sums(element, page) {
  const find = (selector) => element.querySelector(selector);
  const rows = new Map(); // name -> Sum, for all that were ever chosen
  let slots = [];
  let seen = false;
  let stale = true;

  const redraw = drawsRows(element, { draw, show: (name, row) => rows.get(name).show(row), fail });
  const shown = () => [ADDED, ...page.models()];
  const empty = () => slots.some(({ grey }) => !grey);

  function draw(name) {
    if (empty()) return null;
    const digits = slots.map(({ grey }) => grey);
    return name === PIXELS.name ? pixelSum(digits) : sumOf(coder(name), digits);
  }

  function fail(name, error) {
    if (shown().some((facts) => facts.name === name)) page.say(error.message);
  }

  function refresh() {
    if (slots.some(({ words }) => !words)) return; // yet to hear what is in it
    page.say(empty() ? "Draw a digit, or choose another for the empty place." : "");
    for (const { name } of shown()) redraw(name);
  }

  function changed() {
    stale = true;
    if (!seen || slots.length < TERMS.length) return;
    stale = false;
    refresh();
  }

  function arrange() {
    const list = shown().map((facts) => {
      if (!rows.has(facts.name)) rows.set(facts.name, new Sum(facts, take));
      return rows.get(facts.name).element;
    });
    find(".sums").replaceChildren(...list);
  }

  function take(facts, grey, side) {
    putOnCanvas(grey, side, `The result of ${facts.label}: you can draw on it.`);
    page.say(`The result of ${facts.label} is on the canvas.`);
  }

  // The slots are filled when the part is first opened.
  function open() {
    slots = TERMS.map(([name, start]) => new Slot(name, start, changed, page.life));
    const signs = TERMS.map(([, , words]) => sign(words));
    find(".terms").append(...slots.flatMap((slot, i) => (i ? [signs[i], slot.element] : [slot.element])));
  }

  arrange();

  return {
    seen(visible) {
      if (visible === seen) return;
      seen = visible;
      if (seen && !slots.length) open();
      if (seen && stale) changed();
    },
    choose() {
      arrange();
      changed();
    },
    table() {
      if (!slots.length) open();
      return [slotEntry(() => slots)];
    },
    paint() {},
  };
}

// One row of the arithmetic: a - b + c as one model sees it, and the way from c to the result.

const SIDE = 28;
const FRACTIONS = ["c", "¼", "½", "¾", "result"]; // of a - b

export class Sum {
  constructor(facts, take) {
    this.facts = facts;
    this.row = null;
    this.words = make("p", "share value");
    this.words.dataset.term = "is-digit";
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
    this.way = STEPS.map(() => make("figure", "", picture(""), make("figcaption")));
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
  show(row) {
    this.row = row;
    this.button.disabled = !row;
    write(this.words, verdict(row, row ? row.pictures.length - 1 : 0));
    const [a, b, ...way] = row?.pictures ?? [];
    const paint = (canvas, grey) => (grey ? paintGrey(canvas, grey, row.side) : paintNothing(canvas, SIDE));
    [a, b, way[0]].forEach((grey, i) => paint(this.terms[i], grey));
    paint(this.result, way.at(-1));
    this.way.forEach((figure, i) => {
      const words = row ? FRACTIONS[i] : "";
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
