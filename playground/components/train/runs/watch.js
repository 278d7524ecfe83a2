// The runs on show, one or two of them: their curves on the same axes, and what they draw by now.

import { make } from "../../ui/elements.js";
import { LossChart } from "../../ui/losses.js";
import { curvesOf, klOf } from "./curves.js";
import { Follower } from "./follow.js";
import { Head } from "./head.js";
import { Latents } from "./latents.js";
import { Rows } from "./pictures.js";
import { PlaneView } from "./plane.js";
import { LETTERS } from "../words.js";

const COLOURS = ["#1a76bd", "#d55e00"]; // of the first and the second run on show

export class Watch {
  // `choose` hears which runs to show instead, `changed` of a run that is in another state than
  // before, `say` what is worth saying.
  constructor(classes, { choose, changed, say, signal }) {
    this.choose = choose;
    this.changed = changed;
    this.say = say;
    this.runs = [];
    this.seen = false;
    this.lesson = make("p", { className: "lesson", hidden: true });
    this.heads = make("div", { className: "heads" });
    this.charts = {
      distortion: new LossChart("distortion", "Distortion", { signal }),
      rate: new LossChart("rate", "Rate", { signal }),
    };
    this.curves = make("div", { className: "charts" }, this.charts.distortion.element, this.charts.rate.element);
    this.rows = new Rows();
    this.classes = classes;
    this.planes = make("div", { className: "planes" });
    this.bars = make("div", { className: "bars-of-runs" });
    this.element = make("section", { className: "watch", hidden: true, ariaLabel: "The runs on show" }, this.lesson, this.heads,
      this.curves, this.rows.element, this.planes, this.bars);
  }

  get ids() {
    return this.runs.map(({ follower }) => follower.id);
  }

  // Shows these runs, and keeps following those that are on show already.
  show(ids) {
    const kept = new Map(this.runs.map((run) => [run.follower.id, run.follower]));
    for (const [id, follower] of kept) if (!ids.includes(id)) follower.close();
    this.runs = ids.map((id, i) => this.run(kept.get(id) ?? new Follower(id, (follower) => this.hear(follower)), i));
    this.heads.replaceChildren(...this.runs.map(({ head }) => head.element));
    this.planes.replaceChildren(...this.runs.map(({ plane }) => plane.element));
    this.bars.replaceChildren(...this.runs.map(({ latents }) => latents.element));
    this.element.hidden = !ids.length;
    this.paint();
    this.sight(this.seen);
  }

  run(follower, i) {
    const head = new Head(LETTERS[i], COLOURS[i], (id) => {
      if (id === follower.id) follower.poke();
      else this.choose(this.ids.map((each) => (each === follower.id ? id : each)));
    });
    return { follower, head, plane: new PlaneView(this.classes), latents: new Latents(), colour: COLOURS[i], state: follower.facts?.state };
  }

  sight(seen) {
    this.seen = seen;
    for (const { follower } of this.runs) follower.sight(seen);
  }

  // What an experiment is to show; nothing for a run of the visitor's own.
  teach(sentence) {
    this.lesson.textContent = sentence;
    this.lesson.hidden = !sentence;
  }

  hear(follower) {
    const run = this.runs.find((each) => each.follower === follower);
    if (!run) return;
    this.paint();
    const state = follower.facts?.state;
    if (!state || state === run.state) return;
    const first = run.state === undefined;
    run.state = state;
    this.changed(follower.facts);
    if (!first || state !== "done") this.say(run.head.spoken(follower));
  }

  paint() {
    const alone = this.runs.length < 2;
    this.curves.hidden = this.runs.every(({ follower }) => follower.facts?.state === "done" && !follower.lines.length);
    for (const { head, follower } of this.runs) head.show(follower, alone);
    for (const [quantity, chart] of Object.entries(this.charts)) this.paintCurves(quantity, chart, alone);
    this.rows.show(this.runs.flatMap((run, i) => rowsOf(run.follower, alone ? "" : LETTERS[i], this.runs[0].follower, i)));
    this.runs.forEach(({ plane, latents, follower, colour }, i) => {
      const letter = alone ? "" : `${LETTERS[i]}: `;
      plane.show(follower.pictures, `${letter}The square of the two numbers, and the codes of held-out images in it`);
      latents.show(klOf(follower.lines), colour, letter);
    });
  }

  paintCurves(quantity, chart, alone) {
    const curves = this.runs.flatMap(({ follower, colour }, i) => {
      const { train, heldOut } = curvesOf(follower.lines, quantity);
      const letter = alone ? "" : `${LETTERS[i]} `;
      return [
        { label: `${letter}train`, colour, dashed: true, points: train },
        { label: `${letter}held out`, colour, dashed: false, points: heldOut },
      ];
    });
    chart.show(curves, Math.max(1, ...this.runs.map(({ follower }) => follower.facts?.epochs ?? 1)));
  }
}

// The rows of pictures of one run; what two runs were both given is shown once.
function rowsOf({ pictures }, letter, first, i) {
  if (!pictures) return [];
  const given = ({ originals, inputs }) => [
    { name: `originals${i}`, words: "Original", term: "train-originals", pictures: originals.values },
    ...(same(originals.values, inputs.values) ? [] : [{ name: `inputs${i}`, words: "With noise", term: "train-inputs", pictures: inputs.values }]),
  ];
  const shared = i > 0 && first.pictures && same(first.pictures.originals.values, pictures.originals.values)
    && same(first.pictures.inputs.values, pictures.inputs.values);
  const words = letter ? ` ${letter}` : "";
  return [
    ...(shared ? [] : given(pictures)),
    { name: `reconstructions${i}`, words: `Reconstructed${words}`, term: "train-reconstructions", pictures: pictures.reconstructions.values },
    { name: `samples${i}`, words: `Samples${words}`, term: "train-samples", pictures: pictures.samples.values },
  ];
}

function same(one, other) {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
