// The chooser: one check box a model.

import { mark } from "./mark.js";

export function chips(models, chosen, choose) {
  return models.map((model) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = model.name;
    box.checked = !model.error && chosen.has(model.name);
    box.disabled = Boolean(model.error);
    box.addEventListener("change", () => choose(model.name, box.checked));
    const chip = document.createElement("label");
    chip.className = "chip";
    chip.title = model.error ?? model.sentence;
    chip.append(box, mark(model), model.label);
    return chip;
  });
}
