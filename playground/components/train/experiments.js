// Experiments that teach, one click each.

import { signal, watch } from "../state/signals.js";
import { make } from "../ui/elements.js";

export class Experiments {
  // `start` hears the runs of an experiment, and gives back a promise. A step of a lecture, or a
  // link, may have `chosen` one of them by its key: in a lecture it stands alone.
  constructor(presets, start, life) {
    this.keys = presets.map(({ key }) => key);
    this.chosen = signal(null);
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.cards = presets.map((preset) => {
      const card = make("button", { type: "button", className: "case", dataset: { preset: preset.name } },
        make("b", {}, preset.name), make("span", {}, preset.sentence));
      card.addEventListener("click", () => this.begin(preset, start));
      return card;
    });
    this.element = make("details", { className: "experiments", open: true, hidden: !presets.length },
      make("summary", {}, "Experiments, one click each"), make("div", { className: "cases" }, ...this.cards), this.wrong);
    watch(() => this.chosen.value, (key) => this.point(key), life);
  }

  point(key) {
    this.element.classList.toggle("pointed", key !== null);
    this.cards.forEach((card, i) => (card.ariaCurrent = this.keys[i] === key ? "true" : null));
    if (key) this.element.open = true;
  }

  async begin(preset, start) {
    this.wrong.textContent = "";
    for (const card of this.cards) card.disabled = true;
    try {
      await start(preset);
      this.element.open = false;
    } catch (error) {
      this.wrong.textContent = error.message;
    } finally {
      for (const card of this.cards) card.disabled = false;
    }
  }

  // What a link says of them.
  get table() {
    return [{ name: "experiment", kind: "choice", names: this.keys, default: null, state: this.chosen }];
  }
}
