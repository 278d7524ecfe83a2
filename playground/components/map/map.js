// Map: move through a space of two numbers, and through planes of longer codes.

import { about, onModels } from "../state/models.js";
import { signal, watch } from "../state/signals.js";
import { onSight } from "../ui/canvas.js";
import { segments, tieRadios } from "../ui/choices.js";
import { make } from "../ui/elements.js";
import { foldButton } from "../ui/fold.js";
import { longerCodes } from "./longer.js";
import { twoNumbers } from "./two.js";

export function mount(element, { signal: life }) {
  const zone = element.querySelector(".map-zone");
  const stage = make("div", { className: "map-stage" });
  const bar = make("div", { className: "controls map-bar" });
  const parts = {};
  const makers = { two: twoNumbers, longer: longerCodes };
  const chosen = signal("two");
  let facts = null;

  function open(name) {
    if (!facts) return;
    parts[name] ??= makers[name](facts, life);
    bar.replaceChildren(parting, fold, parts[name].controls);
    stage.replaceChildren(parts[name].element);
    for (const [key, part] of Object.entries(parts)) part.sight(key === name);
  }

  const parting = segments("map-part", "Part of the map", [["two", "Two numbers"], ["longer", "Longer codes"]]);
  const fold = foldButton(zone, "Layers");
  bar.append(parting, fold);
  zone.append(bar, stage);
  tieRadios(parting, chosen, life);
  watch(() => chosen.value, open, life);

  async function begin(declare) {
    const { classes } = await about();
    onModels((models) => {
      facts = { classes, models };
      for (const part of Object.values(parts)) part.offer(models);
      if (parts[chosen.value]) return;
      open(chosen.value);
      declare([{ name: "part", kind: "choice", names: Object.keys(makers), state: chosen, then: () => parts[chosen.value].table }]);
    }, life);
  }

  let begun = false;
  return new Promise((declare) => {
    onSight(element, (seen) => {
      if (seen && !begun) {
        begun = true;
        begin(declare);
      } else parts[chosen.value]?.sight(seen);
    }, life);
  });
}
