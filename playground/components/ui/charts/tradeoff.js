// Distortion against rate, a mark a run: what each nat of rate buys, with lines of equal −ELBO.

import { Chart } from "./chart.js";
import { nats, ticks } from "../numbers.js";

/** @import { Line, Note, Stop } from "./figure.js" */

/**
 * @typedef {{ run: string, settings: Record<string, unknown>, model: string, state: string, epoch?: number, epochs?: number,
 *   rate: number, distortion: number, best: boolean }} Point
 * @typedef {{ label: string, colour: string, symbol: string }} Look
 */

const FEW = 24; // marks that have their settings beside them

export class TradeOff {
  // `open` hears the id of a run whose mark was clicked.
  /**
   * @param {(run: string) => unknown} open
   * @param {AbortSignal} signal
   */
  constructor(open, signal) {
    const label = "Distortion against rate, a mark a run; arrow keys go from run to run, Enter opens one";
    this.chart = new Chart(label, { signal, open: ({ name = "" }) => open(name) });
    this.element = this.chart.element;
    this.element.classList.add("trade-off");
  }

  // `points` by rising rate; `models` by name.
  /** @type {(points: Point[], models: Record<string, Look>) => void} */
  show(points, models) {
    const rates = reach(points.map(({ rate }) => rate));
    const distortions = reach(points.map(({ distortion }) => distortion));
    const { line, notes } = sums(rates, distortions);
    this.chart.show({
      x: { title: "rate, nats per image", read: nats, range: rates },
      y: { title: "distortion, nats per image", read: nats, range: distortions },
      hover: "closest",
      lines: [line, frontier(points), ...marks(points, models, rates)],
      notes,
      stops: points.map(stopOf),
      told: points.map(spoken).join("; ") || "No run has come to anything yet.",
    });
  }
}

// On each of these lines rate and distortion have the same sum, as the −ELBO has it.
/** @type {(rates: number[], distortions: number[]) => { line: Line, notes: Note[] }} */
function sums(rates, distortions) {
  const levels = ticks(rates[0] + distortions[0], rates[1] + distortions[1], 6);
  const points = levels.flatMap((sum) => [...rates.map((rate) => [rate, sum - rate]), [NaN, NaN]]);
  const up = distortions[1] - distortions[0];
  const notes = levels.map((sum) => {
    // At that end of the line which is further from the marks: they go down to the right.
    const right = sum - rates[1] > distortions[0] + up / 3;
    return { x: rates[Number(right)], y: sum - rates[Number(right)] + 0.04 * up, words: `−ELBO ${sum}`, anchor: right ? "right" : "left" };
  }).filter(({ y }) => y < distortions[1]);
  return { line: { label: "sums", colour: "--rule-strong", dash: "dot", faint: true, silent: true, unnamed: true, points }, notes };
}

/** @type {(points: Point[]) => Line} */
function frontier(points) {
  const best = points.filter((point) => point.best).map(({ rate, distortion }) => [rate, distortion]);
  return { label: "the best", colour: "--rule-strong", silent: true, unnamed: true, points: best };
}

/** @type {(points: Point[], models: Record<string, Look>, rates: number[]) => Line[]} */
function marks(points, models, [low, high]) {
  const few = points.length <= FEW;
  const side = (/** @type {Point} */ { rate }) => (rate > low + 0.8 * (high - low) ? "top left" : "top right");
  return Object.entries(models).map(([name, { label, colour, symbol }]) => {
    const own = points.filter(({ model }) => model === name);
    return {
      label,
      colour,
      mode: few ? "markers+text" : "markers",
      size: 10,
      symbol: own.map(({ state }) => (state === "done" ? symbol : `${symbol}-open`)),
      unnamed: true,
      points: own.map(({ rate, distortion }) => [rate, distortion]),
      words: own.map(readout),
      ...(few && { beside: own.map(({ settings }) => inWords(settings)), sides: own.map(side) }),
    };
  });
}

/** @type {(point: Point) => Stop} */
const stopOf = (point) => ({ x: point.rate, y: point.distortion, name: point.run, words: spoken(point) });

/** @type {(point: Point) => string} */
function readout({ settings, rate, distortion, state, epoch, epochs }) {
  const rows = [
    ...Object.entries(settings).map(([name, value]) => [spell(name), value]),
    ["rate", nats(rate)], ["distortion", nats(distortion)], ["−ELBO", nats(rate + distortion)],
    ...(state === "done" ? [] : [[state, `epoch ${epoch} of ${epochs}`]]),
  ];
  return [...rows.map((row) => row.join(" ")), "Click or Enter opens it"].join("\n");
}

/** @type {(name: string) => string} */
const spell = (name) => name.replaceAll("_", " ");

/** @type {(settings: Record<string, unknown>) => string} */
function inWords(settings) {
  return Object.entries(settings).map(([name, value]) => `${spell(name)} ${value}`).join(", ");
}

/** @type {(point: Point) => string} */
function spoken({ settings, rate, distortion, state }) {
  return `${inWords(settings)}: rate ${nats(rate)}, distortion ${nats(distortion)} nats${state === "done" ? "" : `, ${state}`}`;
}

// From which value to which an axis goes.
/** @type {(values: number[]) => number[]} */
function reach(values) {
  if (!values.length) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.1 * (high - low) || 1;
  return [low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin];
}
