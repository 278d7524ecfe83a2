// One model's card, a row from what it sees to what it draws: it shows a view, and keeps it so that
// it can be painted again.

import { paintBars } from "../ui/bars.js";
import { mark } from "../ui/choices.js";
import { write } from "../ui/elements.js";
import { decibels, squares } from "../ui/numbers.js";
import { paintDifference, paintGrey, paintNothing } from "../ui/pixels.js";

const PIXELS = 784;

export class Card {
  constructor(template, facts, enlarge) {
    this.facts = facts;
    this.view = null;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.model = facts.name;
    this.element.setAttribute("aria-label", facts.label);
    this.element.style.setProperty("--model", facts.colour);
    this.find("h3").append(mark(facts), facts.label);
    this.find("h3").title = facts.sentence;
    this.name("reconstruction", `Reconstruction by ${facts.label}`);
    this.name("difference", `Difference of ${facts.label} from the clean digit`);
    this.find(".bars").setAttribute("aria-label", `Code of ${facts.label}, ${facts.code} numbers`);
    this.find(".bars").dataset.term = facts.samples ? "cloud" : "code";
    this.find("[data-term=active]").hidden = !facts.sparse;
    const button = this.find("[data-do=enlarge]");
    button.setAttribute("aria-label", `Enlarge ${facts.label}`);
    button.title = "Enlarge";
    button.addEventListener("click", () => enlarge(this));
    this.show(null);
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  name(picture, label) {
    this.find(`[data-picture=${picture}]`).setAttribute("aria-label", label);
  }

  // Shows what the model made of a digit; null while there is none.
  show(view) {
    this.view = view;
    showNumbers(this.element, this.facts, view);
    write(this.find(".name"), (this.facts.run ? "yours" : this.facts.name) + (view?.sampled ? ", sampled" : ""));
    this.paint();
  }

  // How much of the weights is there; nothing once they all are.
  arriving(share) {
    this.element.classList.toggle("arriving", share !== undefined);
    this.element.style.setProperty("--share", share ?? 1);
  }

  // Says what the model did to the digit, in a few words.
  say(finding) {
    write(this.find(".finding"), finding);
  }

  paint() {
    const seen = this.find("[data-picture=seen]");
    if (this.view) paintGrey(seen, this.view.noisy, this.view.side);
    else paintNothing(seen, 28);
    paintPictures(this.element, this.facts, this.view);
  }
}

// Paints the pictures of a view into whatever canvases the element has for them.
export function paintPictures(element, facts, view) {
  const find = (selector) => element.querySelector(selector);
  const reconstruction = find("[data-picture=reconstruction]");
  const difference = find("[data-picture=difference]");
  if (view) {
    paintGrey(reconstruction, view.picture, view.side);
    paintDifference(difference, view.picture, view.clean, view.side);
  } else {
    paintNothing(reconstruction, 28);
    paintNothing(difference, 28);
  }
  paintBars(find(".bars"), view?.code, view?.cloud, facts.colour);
}

export function showNumbers(element, facts, view) {
  const values = {
    psnr: view ? decibels(view.psnr) : "–",
    mse: view ? squares(view.mse) : "–",
    numbers: facts.code ? `${facts.code} / ${PIXELS}` : "–",
    ratio: facts.ratio ? `${facts.ratio.toFixed(1)} : 1` : "–",
    active: view ? `${(100 * view.active).toFixed(1)} %` : "–",
  };
  for (const cell of element.querySelectorAll("[data-number]")) {
    write(cell, values[cell.dataset.number]);
  }
}

// On a phone: the cards' pictures at the foot of the screen while the cards are out of sight.

export function peek(bar, strip, signal) {
  let shown = [];

  const observer = new IntersectionObserver(([entry]) => {
    const below = entry.boundingClientRect.top > 0;
    bar.classList.toggle("shown", below && !entry.isIntersecting);
  }, { rootMargin: "0px 0px -160px" });
  observer.observe(strip);
  signal.addEventListener("abort", () => observer.disconnect());

  // One small picture a card, in the order of the cards.
  function arrange(cards) {
    shown = cards.map((card) => ({ card, button: thumbnail(card) }));
    bar.replaceChildren(...shown.map(({ button }) => button));
    paint();
  }

  function paint() {
    for (const { card, button } of shown) {
      const canvas = button.querySelector("canvas");
      if (card.view) paintGrey(canvas, card.view.picture, card.view.side);
      else paintNothing(canvas, 28);
    }
  }

  return { arrange, paint };
}

function thumbnail({ facts, element }) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", `Go to ${facts.label}`);
  button.append(document.createElement("canvas"), facts.label);
  button.addEventListener("click", () => element.scrollIntoView({ block: "center" }));
  return button;
}
