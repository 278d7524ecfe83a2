// Choices of one thing: models as chips, and kinds of map as a row of buttons.

import { mark } from "../ui/mark.js";

// One radio button a model, with its mark.
export function modelChips(models, chosen, choose) {
  return models.map((model) => {
    const box = radio("atlas-model", model.name, model.name === chosen, choose);
    box.disabled = Boolean(model.error);
    const chip = document.createElement("label");
    chip.className = "chip";
    chip.title = model.error ?? model.sentence;
    chip.append(box, mark(model), model.label);
    return chip;
  });
}

// One radio button an entry of `names`, [value, words] each.
export function choices(group, names, chosen, choose) {
  return names.map(([value, words]) => {
    const span = document.createElement("span");
    span.textContent = words;
    const label = document.createElement("label");
    label.append(radio(group, value, value === chosen, choose), span);
    return label;
  });
}

function radio(group, value, checked, choose) {
  const box = document.createElement("input");
  box.type = "radio";
  box.name = group;
  box.value = value;
  box.checked = checked;
  box.addEventListener("change", () => choose(value));
  return box;
}
