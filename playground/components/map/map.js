// Map: move through a space of two numbers, and through planes of longer codes.

import { contribute } from "../state/link.js";
import { about, onModels } from "../state/models.js";
import { onSight } from "../ui/canvas.js";
import { segments } from "../ui/choices.js";
import { make, turn } from "../ui/elements.js";
import { explain } from "../ui/hints.js";
import { longerCodes } from "./longer.js";
import { twoNumbers } from "./two.js";

export function mount(element, { props, signal }) {
  const zone = element.querySelector(".map-zone");
  const stage = make("div", { className: "map-stage" });
  const bar = make("div", { className: "controls map-bar" });
  const parts = {};
  const makers = { two: twoNumbers, longer: longerCodes };
  let chosen = "two";
  let facts = null;

  function open(name) {
    chosen = name;
    if (!facts) return;
    parts[name] ??= makers[name](facts, props.terms, signal);
    bar.replaceChildren(parting, parts[name].controls);
    stage.replaceChildren(parts[name].element);
    for (const [key, part] of Object.entries(parts)) part.sight(key === name);
  }

  const parting = segments("map-part", "Part of the map", [["two", "Two numbers"], ["longer", "Longer codes"]], open);
  bar.append(parting);
  zone.append(bar, stage);
  explain(zone, props.terms, signal);

  const link = {
    read: async () => ({ part: chosen, ...(await parts[chosen].read()) }),
    apply(said) {
      const part = said.choice("part", Object.keys(makers));
      if (part) turn(parting.querySelector(`[value=${part}]`), true);
      return parts[chosen].apply(said);
    },
  };

  async function begin() {
    const { classes } = await about();
    onModels((models) => {
      facts = { classes, models };
      for (const part of Object.values(parts)) part.offer(models);
      if (parts[chosen]) return;
      open(chosen);
      contribute("map", link);
    }, signal);
  }

  let begun = false;
  onSight(element, (seen) => {
    if (seen && !begun) {
      begun = true;
      begin();
    } else parts[chosen]?.sight(seen);
  }, signal);
}
