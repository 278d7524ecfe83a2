// The noise controls: what to do to the digit before the models see it.

import { LARGEST_SEED, newSeed } from "../engine/random.js";
import { input, update } from "../state/input.js";
import { contribute, rounded } from "../state/link.js";
import { about } from "../state/models.js";

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
    contribute("noise", { read, apply });
  });

  // In a link: noise=gaussian-0.5&seed=7.
  function read() {
    const { kind: name, strength: much, seed } = input.noise;
    return { noise: `${name}-${rounded(much)}`, seed: much > 0 ? seed : null };
  }

  function apply(link) {
    const seed = link.number("seed", 0, LARGEST_SEED, true) ?? input.noise.seed;
    const text = link.text("noise");
    const [, name, much] = /^(.+)-(\d(?:\.\d+)?)$/.exec(text ?? "") ?? [];
    const known = [...kind.options].some(({ value }) => value === name) && Number(much) <= 1;
    if (known) [kind.value, strength.value] = [name, much];
    else if (text !== null) link.wrong("The noise should be its kind and a strength from 0 to 1, such as gaussian-0.5.");
    change({ kind: kind.value, strength: Number(strength.value), seed });
  }
}
