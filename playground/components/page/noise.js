// The noise controls: what to do to the digit before the models see it.

import { about, input, newSeed, update } from "./page.js";

export function mount(element) {
  const find = (selector) => element.querySelector(selector);
  const [kind, strength, output, again] = ["select", "input", "output", "button"].map(find);
  const meanings = {};

  function change(changes) {
    update({ noise: { ...input.noise, ...changes } });
    output.textContent = input.noise.strength.toFixed(2);
    find(".meaning").textContent = meanings[input.noise.kind] ?? "";
    again.disabled = input.noise.strength === 0;
  }

  kind.addEventListener("change", () => change({ kind: kind.value }));
  strength.addEventListener("input", () => change({ strength: Number(strength.value) }));
  again.addEventListener("click", () => change({ seed: newSeed() }));

  about().then(({ noises }) => {
    for (const { name, label, meaning } of noises) {
      kind.append(new Option(label, name));
      meanings[name] = meaning;
    }
    change({ kind: kind.value });
  });
}
