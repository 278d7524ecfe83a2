// The runs on show, one or two of them, on a stage: what they make of the visitor's drawing and their
// maps under one point; then the one chart, and what they draw of digits that they never saw.

import { noisyDigit } from "../../state/input.js";
import { known } from "../../state/models.js";
import { onFrame } from "../../state/signals.js";
import { make } from "../../ui/elements.js";
import { LETTERS } from "../words.js";
import { Act } from "./act.js";
import { Curves } from "./chart.js";
import { coloursOf } from "./colours.js";
import { klOf } from "./curves.js";
import { Follower } from "./follow.js";
import { Latents } from "./latents.js";
import { Rows, rowsOf } from "./pictures.js";

export class Watch {
  // `choose` hears which runs to show instead, `changed` of a run that is in another state than
  // before, `say` what is worth saying.
  constructor(classes, { choose, changed, say, signal }) {
    Object.assign(this, { choose, changed, say, classes });
    this.runs = [];
    this.seen = false;
    this.lesson = make("p", { className: "lesson", hidden: true });
    this.acts = make("div", { className: "acts" });
    this.curves = new Curves(signal);
    this.rows = new Rows();
    this.bars = make("div", { className: "bars-of-runs" });
    this.element = make("section", { className: "watch", hidden: true, ariaLabel: "The runs on show" }, this.lesson, this.acts,
      this.curves.element, this.rows.element, this.bars);
    onFrame(() => [noisyDigit.value, known.value], () => this.follow(), signal);
  }

  get ids() {
    return this.runs.map(({ follower }) => follower.id);
  }

  // Shows these runs, and keeps following those that are on show already.
  show(ids) {
    const kept = new Map(this.runs.map((run) => [run.follower.id, run]));
    for (const [id, { follower }] of kept) if (!ids.includes(id)) follower.close();
    this.runs = ids.map((id) => kept.get(id) ?? this.run(id));
    this.runs.forEach(({ act }, i) => (act.partner = this.runs[1 - i]?.act.name ?? null));
    this.acts.replaceChildren(...this.runs.map(({ act }) => act.element));
    this.acts.dataset.count = ids.length;
    this.bars.replaceChildren(...this.runs.map(({ latents }) => latents.element));
    this.element.hidden = !ids.length;
    this.paint();
    this.sight(this.seen);
  }

  run(id) {
    const follower = new Follower(id, () => this.hear(follower));
    const wished = (now) => {
      if (now === id) follower.poke();
      else this.choose(this.ids.map((each) => (each === id ? now : each)));
    };
    const act = new Act(follower, { classes: this.classes, wished, moved: (point) => this.move(point) });
    return { follower, act, latents: new Latents(), state: undefined };
  }

  sight(seen) {
    this.seen = seen;
    for (const { follower } of this.runs) follower.sight(seen);
    if (seen) this.follow();
  }

  // What an experiment is to show; nothing for a run of the visitor's own.
  teach(sentence) {
    this.lesson.textContent = sentence;
    this.lesson.hidden = !sentence;
  }

  // One point in all maps.
  move(point) {
    for (const { act } of this.runs) act.goTo(point);
  }

  // Another drawing, or other models: nobody draws behind another tab.
  follow() {
    if (!this.seen) return;
    for (const { act } of this.runs) act.follow();
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
    if (!first || state !== "done") this.say(run.act.head.spoken(follower));
  }

  // Everything, in the colours of the theme.
  repaint() {
    this.paint();
    for (const { act } of this.runs) act.repaint();
  }

  paint() {
    const letters = this.runs.length < 2 ? [""] : LETTERS;
    const colours = coloursOf(this.runs);
    this.curves.show(this.runs.map(({ follower }, i) => ({ follower, colour: colours[i] })));
    this.rows.show(this.runs.flatMap((run, i) => rowsOf(run.follower, letters[i], this.runs[0].follower, i)));
    this.runs.forEach(({ act, latents, follower }, i) => {
      act.show(letters[i], colours[i]);
      latents.show(klOf(follower.lines), colours[i], letters[i] && `${letters[i]}: `);
    });
  }
}
