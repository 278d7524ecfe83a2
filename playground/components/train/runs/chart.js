// The one chart of the runs on show: their loss over the epochs, distortion or rate.

import { signal as state, watch } from "../../state/signals.js";
import { segments, tieRadios } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
import { LossChart } from "../../ui/charts/losses.js";
import { LETTERS } from "../words.js";
import { curvesOf } from "./curves.js";

const QUANTITIES = [["distortion", "Distortion"], ["rate", "Rate"]];

export class Curves {
  // `life` ends with the tab.
  constructor(life) {
    this.quantity = state("distortion");
    this.runs = [];
    this.chart = new LossChart("distortion", "Distortion", { signal: life });
    this.caption = this.chart.element.querySelector("figcaption");
    const kinds = segments("train-quantity", "What the chart shows", QUANTITIES);
    tieRadios(kinds, this.quantity, life);
    this.nothing = make("p", { className: "fact", hidden: true }, "No curve: nothing is known of how this model was trained.");
    this.element = make("div", { className: "one-chart" }, kinds, this.chart.element, this.nothing);
    watch(() => this.quantity.value, () => this.paint(), life);
  }

  // `runs` are { follower, colour } each.
  show(runs) {
    this.runs = runs;
    const untold = runs.length > 0 && runs.every(({ follower }) => follower.facts?.state === "done" && !follower.lines.length);
    this.chart.element.hidden = untold;
    this.nothing.hidden = !untold;
    this.paint();
  }

  paint() {
    const quantity = this.quantity.value;
    this.chart.element.dataset.chart = quantity;
    this.caption.dataset.term = `train-${quantity}`;
    this.caption.firstChild.data = Object.fromEntries(QUANTITIES)[quantity];
    const curves = this.runs.flatMap(({ follower, colour }, i) => linesOf(follower.lines, quantity, colour, this.runs.length > 1 ? `${LETTERS[i]} ` : ""));
    this.chart.show(curves, Math.max(1, ...this.runs.map(({ follower }) => follower.facts?.epochs ?? 1)));
  }
}

// The curves of one run: whole epochs as lines, and moments as faint ones of their own.
function linesOf(lines, quantity, colour, letter) {
  const { train, moments, heldOut } = curvesOf(lines, quantity);
  return [
    ...moments.map((points, n) => ({ label: `${letter}now`, colour, dashed: false, faint: true, unnamed: n > 0 || train.length > 0, silent: train.length > 0, points })),
    { label: `${letter}train`, colour, dashed: true, points: train },
    { label: `${letter}held out`, colour, dashed: false, points: heldOut },
  ];
}
