// What to do with a run that has learnt something: use it in the other tabs, and what its space is like.

import { known } from "../../state/models.js";
import { fetchMeasured } from "../../state/places.js";
import { make, write } from "../../ui/elements.js";

const MAPPED = 2; // numbers that fit on a map

export class After {
  // `model` is the name of the run's model.
  constructor(model) {
    this.model = model;
    this.links = Object.fromEntries(["Reconstruct", "Map", "Walk"].map((tab) => [tab, make("a", { className: "plain use" }, tab)]));
    this.numbers = make("p", { className: "fact value space-numbers", role: "status" });
    this.element = make("div", { className: "after", hidden: true },
      make("p", { className: "uses" }, "Use it in ", ...Object.values(this.links)), this.numbers);
  }

  // `partner` is the model of the run beside it, if there is one.
  show({ facts }, learnt, partner) {
    const ended = learnt && !["waiting", "running"].includes(facts?.state);
    const there = known.value?.find(({ name }) => name === this.model);
    this.element.hidden = !(ended && there && !there.error);
    if (this.element.hidden) return;
    const size = there.code;
    const others = known.value.filter(({ name, error }) => name !== this.model && !error);
    const other = others.find(({ name }) => name === partner);
    const shipped = others.find(({ run, name }) => !run && name.replace(/-\d+$/, "") === facts.model);
    const pair = namesOf(there, other ?? shipped);
    const map = other?.code === size ? other : others.find(({ run, code, samples }) => !run && code === size && samples !== there.samples);
    const places = {
      Reconstruct: `tab=reconstruct&models=${pair}`,
      Map: size === MAPPED ? `tab=map&part=two&models=${namesOf(there, map)}` : `tab=map&part=longer&models=${this.model}`,
      Walk: `tab=walk&part=films&models=${pair}`,
    };
    for (const [tab, link] of Object.entries(this.links)) {
      link.href = `#${places[tab]}`;
      link.ariaLabel = `Use ${there.label} in ${tab}`;
      link.hidden = tab === "Map" && size < MAPPED;
    }
    if (size === MAPPED && this.measured !== there.version) this.measure(there.version);
  }

  // Continuity and completeness, which the shipped maps have too.
  async measure(version) {
    this.measured = version;
    write(this.numbers, "Measuring its map…");
    try {
      const { continuity, completeness } = await fetchMeasured(this.model);
      if (version !== this.measured) return;
      write(this.numbers, [
        continuity && `continuity ${continuity.mean.toFixed(3)}`,
        completeness !== null && `completeness ${(100 * completeness).toFixed(0)} %`,
      ].filter(Boolean).join(" · "));
    } catch (error) {
      if (version === this.measured) write(this.numbers, error.message);
    }
  }
}

// Models as a link names them; those that are not there are left out.
const namesOf = (...models) => models.filter(Boolean).map(({ name }) => name).join();
