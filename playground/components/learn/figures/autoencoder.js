// The drawing on its way through a model, layer by layer, and what each unit stands for.

import { newest } from "../../engine/wire.js";
import { coder } from "../../state/coders.js";
import { noisyDigit } from "../../state/input.js";
import { onModels } from "../../state/models.js";
import { chooser, offer } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
import { live } from "../parts.js";
import { Network } from "./autoencoder/network.js";
import { countOf, stagesOf } from "./autoencoder/stages.js";
import { UnitPanel } from "./autoencoder/unit.js";

const FIRST = "conv-32"; // at first, where it exists: its layers are pictures
const HINT = "Point at a unit, or tap it, to see what it stands for.";
const EMPTY = "Draw a digit, and see it flow through the network.";
const MOST = 2 ** 24; // more units than any layer has

export function mount(element, lesson) {
  let models = [];
  let stages = null;
  let shown = ""; // the model whose stages these are
  let at = null; // the unit that is looked at: { stage, unit }
  const panel = new UnitPanel();
  const network = new Network(look);
  const select = chooser("Model", [], FIRST, () => again());

  const askOfUnit = newest(async () => {
    try {
      if (stages) await panel.fetch(shown, stages, at);
    } catch (error) {
      lesson.say(error.message);
    }
  }, () => {});

  function look(unit) {
    at = unit;
    panel.show(stages, at, true);
    askOfUnit();
  }

  const again = live(element, lesson, async () => {
    const model = models.find(({ name }) => name === select.value);
    if (!model) return;
    const seen = noisyDigit.value;
    stages = seen && stagesOf(seen.picture, await coder(model.name).activations(seen.image));
    if (stages && (!isThere(at) || (shown && shown !== model.name))) at = firstOfCode();
    shown = model.name;
    panel.element.hidden = !stages;
    network.show(stages, model.colour, at);
    lesson.say(stages ? HINT : EMPTY);
    if (!stages) return;
    panel.show(stages, at, false);
    askOfUnit();
  });

  const isThere = (unit) => unit && stages[unit.stage] && unit.unit < countOf(stages[unit.stage].shape);
  const firstOfCode = () => ({ stage: stages.findIndex(({ part }) => part === "code"), unit: 0 });

  element.append(
    make("div", { className: "settings" }, make("label", { className: "field" }, make("span", {}, "Model"), select)),
    network.canvas,
    panel.element,
  );

  function choose(name) {
    select.value = name;
    again();
  }

  // A unit of the network that a link names stays, though the model may be another.
  function goTo(stage, unit) {
    shown = "";
    at = { stage, unit };
    again();
  }

  let named = 0; // the stage of a unit that a link names
  const entries = [
    { name: "model", kind: "choice", names: () => models.map(({ name }) => name), get: () => select.value, set: choose },
    { name: "stage", kind: "whole", range: [0, 64], get: () => at?.stage, set: (stage) => (named = stage) },
    { name: "unit", kind: "whole", range: [0, MOST], get: () => at?.unit, set: (unit) => goTo(named, unit) },
  ];
  return new Promise((resolve) => {
    onModels((found) => {
      panel.forget();
      models = found.filter(({ error }) => !error);
      offer(select, models, select.value || FIRST);
      again();
      resolve(entries);
    }, lesson.signal);
  });
}
