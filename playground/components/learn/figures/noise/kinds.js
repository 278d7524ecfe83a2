// The drawing with noise of each kind, what a model draws of it, and the difference: the noise that
// it found. Below them, one of them sent through the model again and again.

import { PASSES, again, denoised } from "../../../engine/evaluation/robustness.js";
import { isSure } from "../../../engine/evaluation/verdicts.js";
import { toBytes, toFloats } from "../../../engine/numbers/float32.js";
import { LARGEST_SEED, newSeed } from "../../../engine/numbers/random.js";
import { classified, coder } from "../../../state/coders.js";
import { factOf } from "../../../state/models.js";
import { onFrame, signal } from "../../../state/signals.js";
import { segments, tieRadios, tieRange } from "../../../ui/choices.js";
import { make } from "../../../ui/elements.js";
import { paintDifference, paintGrey, paintNothing } from "../../../ui/pixels.js";
import { tile } from "../../parts.js";

const MODELS = [["denoising-64", "Denoising"], ["conv-32", "Convolutional"]];
const SIDE = 28;
const ROWS = ["with noise", "drawn from it", "found as noise"];

export class Kinds {
  // `changed` hears that the model, the noise or the kind was changed.
  constructor(changed, life) {
    this.model = signal(MODELS[0][0]);
    this.seed = signal(7);
    this.strength = signal(0.5);
    this.kind = signal("gaussian"); // the one that goes through the model again and again
    this.columns = new Map();
    this.facts = new Map(); // by model
    const range = make("input", { type: "range", min: 0, max: 1, step: 0.05, ariaLabel: "Strength of every noise" });
    const output = make("output", {});
    tieRange(range, this.strength, output, (value) => value.toFixed(2), life);
    const other = make("button", { type: "button", className: "plain" }, "Other noise");
    other.addEventListener("click", () => (this.seed.value = newSeed()));
    const choice = segments("denoiser", "Model", MODELS);
    tieRadios(choice, this.model, life);
    onFrame(() => [this.model.value, this.seed.value, this.strength.value, this.kind.value], changed, life);
    this.groups = ["Met in training", "Never met"].map((words) => {
      const row = make("div", { className: "kinds" });
      return { row, element: make("div", {}, make("h5", {}, words), row) };
    });
    this.heading = make("p", { className: "again" });
    this.passes = make("div", { className: "tiles" });
    this.element = make(
      "div",
      {},
      make(
        "div",
        { className: "settings" },
        make("label", { className: "field" }, make("span", {}, "Strength"), range, output),
        other,
        choice,
      ),
      make("p", { className: "how" }, `From top to bottom: ${ROWS.join(", ")} (blue: the model took light away, orange: it added some), and the PSNR in dB before and after.`),
      make("div", { className: "noises" }, ...this.groups.map(({ element }) => element)),
      this.heading,
      this.passes,
    );
  }

  // Takes the drawing without noise, 784 grey bytes, or null.
  async follow(grey) {
    const [model, chosen] = [this.model.value, this.kind.value];
    const noise = { strength: this.strength.value, seed: this.seed.value };
    const [kinds, made] = await Promise.all([this.kindsFor(model), grey && cleaned(model, grey, noise, chosen)]);
    kinds.forEach((kind) => this.show(kind, made?.kinds.find((each) => each.kind === kind.name)));
    for (const { row, element } of this.groups) element.hidden = !row.childElementCount;
    const { label } = kinds.find(({ name }) => name === chosen);
    this.heading.textContent = `${label}: the model's own drawing goes back in, again and again. Below it is what a digit classifier takes it for, and what the last pass changed, as a root mean square, white being 100 %.`;
    this.passes.replaceChildren(...(made?.passes ?? []).map((picture, i) => (
      pass(picture, PASSES[i], made.changes[i], made.looks && { digit: made.looks.classes[i], sure: isSure(made.looks, i) })
    )));
  }

  // All kinds of noise, and whether the model has met them in training.
  async kindsFor(model) {
    if (!this.facts.has(model)) this.facts.set(model, (await (await factOf("kinds", model)).json()).kinds);
    return this.facts.get(model);
  }

  show(kind, made) {
    if (!this.columns.has(kind.name)) this.columns.set(kind.name, this.column(kind));
    const { button, canvases, numbers } = this.columns.get(kind.name);
    const { row } = this.groups[kind.met ? 0 : 1];
    if (button.parentElement !== row) row.append(button);
    button.ariaPressed = String(kind.name === this.kind.value);
    numbers.textContent = made ? `${decibels(made.before)} → ${decibels(made.after)}` : "";
    if (!made) {
      canvases.forEach((canvas) => paintNothing(canvas, SIDE));
      return;
    }
    const [noisy, drawn] = [made.noisy, made.drawn].map(toBytes);
    paintGrey(canvases[0], noisy, SIDE);
    paintGrey(canvases[1], drawn, SIDE);
    paintDifference(canvases[2], drawn, noisy, SIDE);
  }

  column({ name, label, meaning }) {
    const canvases = ROWS.map(() => make("canvas", { className: "pixels" }));
    const numbers = make("span", { className: "value" });
    const button = make("button", { type: "button", title: meaning }, ...canvases, make("span", {}, label), numbers);
    button.addEventListener("click", () => (this.kind.value = name));
    return { button, canvases, numbers };
  }

  entries() {
    return [
      { name: "model", kind: "choice", names: MODELS.map(([name]) => name), state: this.model },
      { name: "kind", kind: "choice", names: () => [...this.columns.keys()], state: this.kind },
      { name: "strength", kind: "number", range: [0, 1], state: this.strength },
      { name: "dots", kind: "whole", range: [0, LARGEST_SEED], state: this.seed },
    ];
  }
}

// A digit of bytes with noise of each kind, and what the model makes of that, once and, of the
// `chosen` kind, again and again.
export async function cleaned(name, grey, noise, chosen) {
  const [model, clean] = [coder(name), toFloats(grey)];
  const kinds = await denoised(model, clean, noise);
  const { pictures, changes } = await again(model, kinds.find(({ kind }) => kind === chosen).noisy);
  const passes = pictures.map(toBytes);
  return { kinds, passes, changes, looks: await classified(passes) };
}

const decibels = (value) => (Number.isFinite(value) ? value.toFixed(1) : "∞");

// One of the model's drawings of its own drawings, and how much the last pass still changed.
function pass(picture, count, change, looks) {
  const seen = looks ? `: ${looks.digit}${looks.sure ? "" : "?"}` : "";
  const { element, canvas } = tile(`after ${count}${seen}, changed ${(100 * change).toFixed(1)}\u00a0%`);
  paintGrey(canvas, picture, SIDE);
  return element;
}
