// Which two numbers of a code a plane is of.

import { make } from "../ui/elements.js";

export class Axes {
  // `changed` hears that the visitor chose.
  constructor(changed) {
    this.changed = changed;
    this.chosen = [0, 1]; // across and up
    this.selects = ["Number along the pad", "Number up the pad"].map((words, side) => this.chooser(words, side));
    const [across, up] = this.selects;
    this.element = make("div", { className: "axis-choice" }, make("label", {}, "Across ", across), make("label", {}, "Up ", up));
  }

  chooser(words, side) {
    const select = make("select", { ariaLabel: words });
    select.addEventListener("change", () => {
      const latent = Number(select.value);
      // Who takes the other's number changes places with it.
      this.chosen = latent === this.chosen[1 - side] ? this.chosen.toReversed() : this.chosen.with(side, latent);
      this.show();
      this.changed();
    });
    return select;
  }

  // The numbers of another model, the most important first.
  take(order, chosen) {
    this.chosen = chosen ?? order.slice(0, 2);
    for (const select of this.selects) select.replaceChildren(...order.map((latent) => new Option(`z${latent + 1}`, latent)));
    this.show();
  }

  show() {
    this.selects.forEach((select, side) => (select.value = this.chosen[side]));
  }
}
