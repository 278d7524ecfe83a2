// Drawings in a row, some of them no digits: first the visitor's guess, then what a model says.

import { scoresOf } from "../../../engine/evaluation/robustness.js";
import { toBytes, toFloats } from "../../../engine/numbers/float32.js";
import { LARGEST_SEED, newSeed, shuffled } from "../../../engine/numbers/random.js";
import { coder } from "../../../state/coders.js";
import { segments } from "../../../ui/choices.js";
import { make } from "../../../ui/elements.js";
import { paintDifference, paintGrey } from "../../../ui/pixels.js";

const MODEL = "vae-20";
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const DIGITS = 4; // besides the visitor's own drawing
const OTHERS = 3;
const SCORES = [["error", "Squared error"], ["nats", "−ELBO"]];
const STEPS = 200; // of the threshold, from 0 to a little more than the largest score

export class LineUp {
  // `digits` and `others` to choose from; `changed` hears that there is another row to score.
  constructor(digits, others, changed) {
    this.digits = digits;
    this.others = others;
    this.changed = changed;
    this.seed = 3;
    this.guesses = new Set();
    this.row = [];
    this.own = null; // the visitor's drawing, as it was scored last
    this.scored = null; // and the row that it was in
    this.score = SCORES[0][0];
    this.shown = false;
    this.pictures = make("div", { className: "tiles suspects" });
    this.pictures.setAttribute("role", "group");
    this.pictures.setAttribute("aria-label", "Drawings: choose those that are no digits");
    this.reveal = make("button", { type: "button", className: "plain" }, "Show the scores");
    this.reveal.addEventListener("click", () => {
      this.shown = !this.shown;
      this.paint();
    });
    const another = make("button", { type: "button", className: "plain" }, "Another row");
    another.addEventListener("click", () => this.dealAgain(newSeed()));
    this.choice = segments("strangeness", "Score", SCORES, (value) => {
      this.score = value;
      this.paint();
    });
    this.threshold = make("input", { type: "range", min: 0, max: STEPS, value: STEPS / 3, ariaLabel: "Alarm from this score on" });
    this.threshold.addEventListener("input", () => this.count());
    this.limit = make("output", {});
    this.verdict = make("p", { ariaLive: "polite" });
    this.list = make("ol", { className: "ranking" });
    this.scores = make(
      "div",
      {},
      make("div", { className: "settings" }, this.choice, make("label", { className: "field" }, make("span", {}, "Alarm from"), this.threshold, this.limit)),
      this.verdict,
      this.list,
    );
    this.element = make(
      "div",
      {},
      make("p", { className: "how" }, "Click those that you take for no digits; your own drawing is among them. Then see what the variational model says, which has only ever seen digits."),
      this.pictures,
      make("div", { className: "settings" }, this.reveal, another),
      this.scores,
    );
    this.deal(this.seed);
  }

  dealAgain(seed) {
    this.deal(seed);
    this.changed();
  }

  // Other drawings, in an order by chance; the visitor's own has its place from the beginning.
  deal(seed) {
    this.seed = seed;
    this.guesses.clear();
    this.shown = false;
    const digits = shuffled(this.digits, seed).slice(0, DIGITS).map(({ label, grey }) => ({ words: label === 8 ? "an 8" : `a ${label}`, strange: false, grey }));
    const others = shuffled(this.others, seed + 1).slice(0, OTHERS).map(({ name, grey }) => ({ words: name.length > 1 ? name : `the letter ${name}`, strange: true, grey }));
    const own = { words: "your drawing", strange: null, grey: null };
    this.row = shuffled([...digits, ...others, own], seed + 2);
  }

  // Takes the visitor's drawing, 784 grey bytes, or null, and has all of them scored if it is new.
  async follow(grey) {
    if (grey === this.own && this.row === this.scored) return;
    const all = this.row;
    all.find(({ strange }) => strange === null).grey = grey;
    const row = all.filter((each) => each.grey);
    const images = new Float32Array(row.length * PIXELS);
    row.forEach((each, i) => images.set(toFloats(each.grey), i * PIXELS));
    const { error, nats, drawn } = await scoresOf(coder(MODEL), images, row.length);
    row.forEach((each, i) => (
      Object.assign(each, { error: error[i], nats: nats[i], drawn: toBytes(drawn.subarray(i * PIXELS, (i + 1) * PIXELS)) })
    ));
    [this.own, this.scored] = [grey, all];
    this.paint();
  }

  present() {
    return this.row.filter((each) => each.drawn && each.grey);
  }

  paint() {
    const row = this.present();
    if (!row.length) return;
    this.suspects(row);
    this.reveal.textContent = this.shown ? "Hide the scores" : "Show the scores";
    this.scores.hidden = !this.shown;
    if (this.shown) this.rank(row);
  }

  // The same buttons as long as there are as many, so that focus stays where it is.
  suspects(row) {
    while (this.pictures.childElementCount > row.length) this.pictures.lastElementChild.remove();
    while (this.pictures.childElementCount < row.length) this.pictures.append(this.suspect(this.pictures.childElementCount));
    row.forEach((each, i) => {
      const button = this.pictures.children[i];
      paintGrey(button.firstElementChild, each.grey, SIDE);
      button.ariaPressed = String(this.guesses.has(each));
      button.ariaLabel = `Drawing ${i + 1}: ${each.words}`;
    });
  }

  suspect(i) {
    const button = make("button", { type: "button" }, make("canvas", { className: "pixels" }));
    button.addEventListener("click", () => {
      const each = this.present()[i];
      if (!this.guesses.delete(each)) this.guesses.add(each);
      button.ariaPressed = String(this.guesses.has(each));
      if (this.shown) this.count();
    });
    return button;
  }

  // The strangest first, each with a bar as long as its score.
  rank(row) {
    const { score } = this;
    this.ranked = [...row].sort((a, b) => b[score] - a[score]);
    this.most = 1.02 * this.ranked[0][score];
    this.list.replaceChildren(...this.ranked.map((each) => entry(each, each[score] / this.most, written(each[score], score))));
    this.count();
  }

  // What the threshold does: alarms, false ones and missed ones.
  count() {
    const { score, ranked } = this;
    const from = (this.threshold.value / STEPS) * this.most;
    this.limit.textContent = written(from, score);
    this.threshold.setAttribute("aria-valuetext", this.limit.textContent);
    this.list.style.setProperty("--threshold", `${(100 * from) / this.most}%`);
    ranked.forEach((each, i) => this.list.children[i].classList.toggle("alarm", each[score] >= from));
    const mistakes = (alarm) => {
      const known = ranked.filter(({ strange }) => strange !== null);
      const [falsely, missed] = [known.filter((each) => alarm(each) && !each.strange), known.filter((each) => !alarm(each) && each.strange)];
      return `${falsely.length} false ${falsely.length === 1 ? "alarm" : "alarms"}, ${missed.length} missed`;
    };
    const own = ranked.find(({ strange }) => strange === null);
    const yours = own ? ` Your own drawing, of which only you know what it is, ${own[score] >= from ? "raises an alarm" : "passes for a digit"}.` : "";
    this.verdict.textContent = `The threshold: ${mistakes((each) => each[score] >= from)}. You: ${mistakes((each) => this.guesses.has(each))}.${yours}`;
  }

  entries() {
    return [{ name: "row", kind: "whole", range: [0, LARGEST_SEED], get: () => this.seed, set: (seed) => this.dealAgain(seed) }];
  }
}

function entry({ words, strange, grey, drawn }, share, number) {
  const canvases = [0, 1, 2].map(() => make("canvas", { className: "pixels" }));
  paintGrey(canvases[0], grey, SIDE);
  paintGrey(canvases[1], drawn, SIDE);
  paintDifference(canvases[2], drawn, grey, SIDE);
  const bar = make("span", { className: "bar" }, make("span", { className: "fill" }));
  bar.style.setProperty("--share", `${100 * share}%`);
  const kind = strange === null ? "" : strange ? ", no digit" : ", a digit";
  return make("li", {}, ...canvases, make("span", { className: "of" }, strange === false ? words : `${words}${kind}`), bar, make("span", { className: "value" }, number));
}

const written = (value, score) => (score === "nats" ? `${value.toFixed(0)} nats` : value.toFixed(4));
