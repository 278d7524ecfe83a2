// One model's card: it shows a view, and keeps it so that it can be painted again.

import { paintBars } from "./bars.js";
import { mark } from "./mark.js";
import { paintDifference, paintGrey, paintNothing } from "./pixels.js";

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
    this.find(".name").textContent = facts.name;
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

  // Shows what the model made of a digit; null while there is none.
  show(view) {
    this.view = view;
    showNumbers(this.element, this.facts, view);
    this.find(".name").textContent = this.facts.name + (view?.sampled ? ", sampled" : "");
    this.paint();
  }

  paint() {
    paintPictures(this.element, this.facts, this.view);
  }
}

// Paints the pictures of a view into whatever canvases the element has for them.
export function paintPictures(element, facts, view) {
  const find = (selector) => element.querySelector(selector);
  const style = getComputedStyle(element);
  const reconstruction = find("[data-picture=reconstruction]");
  const difference = find("[data-picture=difference]");
  if (view) {
    paintGrey(reconstruction, view.picture, view.side);
    paintDifference(difference, view.picture, view.clean, view.side);
    reconstruction.setAttribute("aria-label", `Reconstruction by ${facts.label}`);
    difference.setAttribute("aria-label", `Difference of ${facts.label} from the clean digit`);
  } else {
    paintNothing(reconstruction, 28);
    paintNothing(difference, 28);
  }
  const bars = find(".bars");
  bars.setAttribute("aria-label", view ? `Code of ${facts.label}, ${view.code.length} numbers` : "Code");
  paintBars(bars, view?.code, view?.cloud, facts.colour, style.getPropertyValue("--rule-strong"));
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
    cell.textContent = values[cell.dataset.number];
  }
}

export function decibels(psnr) {
  return psnr === null ? "no error" : `${psnr.toFixed(1)} dB`;
}

export function squares(mse) {
  return mse.toFixed(4);
}
