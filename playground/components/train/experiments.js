// Experiments that teach, one click each.

import { make } from "../ui/elements.js";

export class Experiments {
  // `start` hears the runs of an experiment, and gives back a promise.
  constructor(presets, start) {
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.cards = presets.map((preset) => {
      const card = make("button", { type: "button", className: "case", dataset: { preset: preset.name } },
        make("b", {}, preset.name), make("span", {}, preset.sentence));
      card.addEventListener("click", () => this.begin(preset, start));
      return card;
    });
    this.element = make("details", { className: "experiments", open: true, hidden: !presets.length },
      make("summary", {}, "Experiments, one click each"), make("div", { className: "cases" }, ...this.cards), this.wrong);
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
}
