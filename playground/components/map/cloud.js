// The cloud of the visitor's digit: how wide it is, a loupe on it, and samples from it.

import { decode } from "../state/latents.js";
import { make } from "../ui/elements.js";
import { signed } from "../ui/numbers.js";
import { paintGrey } from "../ui/pixels.js";
import { paintLoupe, samplesOf } from "../ui/space/visitor.js";

const SAMPLES = 8;
const SIDE = 28;

export class Cloud {
  // `changed` hears that what is to be shown on the map has changed, `say` hears of trouble.
  constructor(changed, say) {
    this.changed = changed;
    this.say = say;
    this.you = null; // { mean, spread }, where a code without a cloud has a spread of null
    this.samples = [];
    this.button = make("button", { type: "button", className: "plain" }, "Sample my digit's cloud");
    this.button.addEventListener("click", () => this.sample());
    this.spreads = make("span", { className: "value" });
    this.loupe = make("canvas", { className: "loupe", dataset: { term: "loupe" }, tabIndex: 0 });
    this.loupe.setAttribute("role", "img");
    this.loupe.setAttribute("aria-label", "The cloud of your digit's code, enlarged");
    this.drawn = make("div", { className: "samples" });
    this.plain = make("p", {}, "A plain code is a point: there is no cloud to sample from.");
    const head = make("p", {}, this.button, this.spreads);
    this.element = make("div", { className: "sampler" }, head, this.loupe, this.drawn, this.plain);
  }

  // Takes the view of the digit by a model; null while there is none.
  follow(model, view) {
    const cloud = view?.cloud;
    const you = view && { mean: [...(cloud?.mean ?? view.code)], spread: cloud ? [...cloud.spread] : null };
    if (model === this.model && JSON.stringify(you) === JSON.stringify(this.you)) return;
    this.model = model;
    this.you = you;
    this.plain.hidden = model.samples;
    for (const part of [this.button, this.spreads, this.drawn]) part.hidden = !model.samples;
    const clouded = Boolean(you?.spread);
    this.button.disabled = this.loupe.hidden = !clouded;
    this.spreads.textContent = clouded ? `σ ${you.spread.map((value) => value.toFixed(3)).join(", ")} units` : "";
    this.show([]);
  }

  show(samples) {
    this.samples = samples;
    this.drawn.replaceChildren();
    if (this.you?.spread) paintLoupe(this.loupe, this.you, samples);
    this.changed();
  }

  async sample() {
    const samples = samplesOf(this.you, SAMPLES);
    this.show(samples);
    try {
      const pictures = await decode(this.model.name, samples);
      if (samples !== this.samples) return;
      this.drawn.replaceChildren(...pictures.map((grey, i) => picture(grey, samples[i])));
    } catch (error) {
      this.say(error.message);
    }
  }
}

function picture(grey, code) {
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Sample at ${code.map((value) => signed(value, 2)).join(", ")}`);
  paintGrey(canvas, grey, SIDE);
  return canvas;
}
