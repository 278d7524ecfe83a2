// The chart of a loss while training: curves over epochs or over seconds, in nats per image.

import { Chart } from "./chart.js";
import { make } from "../elements.js";
import { nats } from "../numbers.js";

/** @import { Axis, View } from "./figure.js" */

/** @typedef {{ label: string, colour: string, dashed: boolean, unnamed?: boolean, faint?: boolean, silent?: boolean, points: number[][] }} Curve */

const EARLY = 0.1; // of the epochs so far: values that tower over the rest and may leave the picture
const FEW = 4; // epochs that the axis starts with; it doubles as often as it has to

/** @type {(x: number) => string} */
const short = (x) => (Math.round(100 * x) / 100).toLocaleString("en-GB");

/** @type {Axis} */
export const EPOCHS = { title: "epoch", read: (epoch) => `epoch ${short(epoch)}`, over: "epoch %{x}" };
/** @type {Axis} */
export const SECONDS = { title: "seconds", read: (seconds) => `${short(seconds)} s`, over: "%{x} s" };

export class LossChart {
  // `name` stands above it; `key` names what it is of.
  /**
   * @param {string} key
   * @param {string} name
   * @param {import("./chart.js").Listening} listening
   */
  constructor(key, name, listening) {
    this.chart = new Chart(`${name} in nats per image; arrow keys read it`, listening);
    const caption = make("figcaption", { tabIndex: 0, dataset: { term: `train-${key}` } }, name, make("span", {}, ", nats per image"));
    this.element = make("figure", { className: "loss-chart", dataset: { chart: key } }, caption, this.chart.element);
  }

  // Of a training of `all` epochs, or seconds. Values above `highest` may leave the picture.
  /** @type {(curves: Curve[], all: number, options?: { axis?: Axis, highest?: number }) => void} */
  show(curves, all, options = {}) {
    this.chart.show(viewOf(curves.filter(({ points }) => points.length), all, options));
  }
}

/** @type {(curves: Curve[], all: number, options: { axis?: Axis, highest?: number }) => View} */
export function viewOf(curves, all, { axis = EPOCHS, highest = Infinity }) {
  const end = span(Math.max(0, ...curves.map(({ points }) => points[points.length - 1][0])), Math.max(1, all));
  return {
    x: { ...axis, range: [0, end], ...(end <= 8 && { step: 1 }) },
    y: { read: (value) => `${nats(value)} nats`, range: reach(curves, highest) },
    lines: curves.map(({ dashed, ...line }) => ({ ...line, dash: dashed ? "dash" : "solid", mode: lineOrMark(line.points) })),
  };
}

// One point alone makes no line.
/** @type {(points: number[][]) => string} */
const lineOrMark = (points) => (points.length > 1 ? "lines" : "markers");

// How many epochs the axis has room for: all of them, or not many more than were done.
/** @type {(done: number, all: number) => number} */
function span(done, all) {
  const steps = Math.ceil(Math.log2(Math.max(1, done / FEW)));
  return Math.min(all, FEW * 2 ** steps);
}

// From which value to which the axis goes. The first ones of a run may lie above it.
/** @type {(curves: Curve[], highest: number) => number[]} */
function reach(curves, highest) {
  const points = curves.flatMap((curve) => curve.points);
  if (!points.length) return [0, 1];
  const now = Math.max(...curves.map((curve) => curve.points[curve.points.length - 1][0]));
  const late = points.filter(([epoch]) => epoch >= EARLY * now).map(([, value]) => value);
  const values = late.filter((value) => value <= highest);
  const [least, most] = [Math.min, Math.max].map((of) => values.reduce((one, other) => of(one, other)));
  const margin = 0.06 * (most - least) || 0.5;
  return [Math.max(least >= 0 ? 0 : -Infinity, least - margin), most + 2 * margin];
}
