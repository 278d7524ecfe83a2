// The noise controls: what to do to the digit before the models see it.

import { LARGEST_SEED, newSeed } from "../engine/numbers/random.js";
import { input } from "../state/input.js";
import { rounded } from "../state/fragment.js";
import { about } from "../state/models.js";
import { watch } from "../state/signals.js";

const WRITTEN = /^(.+)-(\d(?:\.\d+)?)$/; // gaussian-0.5

// Fills the controls in `element`, until `signal` is aborted; gives what a link says of them.
export async function noiseControls(element, signal) {
  const find = (selector) => element.querySelector(selector);
  const [kind, strength, output, again] = ["select", "input", "output", "button"].map(find);

  const change = (changes) => (input.noise.value = { ...input.noise.value, ...changes });

  kind.addEventListener("change", () => change({ kind: kind.value }));
  strength.addEventListener("input", () => change({ strength: Number(strength.value) }));
  again.addEventListener("click", () => change({ seed: newSeed() }));

  const { noises } = await about();
  kind.append(...noises.map(({ name, label }) => new Option(label, name)));
  if (!noises.some(({ name }) => name === input.noise.value.kind)) change({ kind: noises[0].name });

  watch(() => input.noise.value, (noise) => {
    kind.value = noise.kind;
    if (Number(strength.value) !== noise.strength) strength.value = noise.strength;
    output.textContent = noise.strength.toFixed(2);
    find(".meaning").textContent = noises.find(({ name }) => name === noise.kind).meaning;
    again.disabled = noise.strength === 0;
  }, signal);

  function take(text, complain) {
    const [, name, much] = WRITTEN.exec(text) ?? [];
    const known = noises.some((each) => each.name === name) && Number(much) <= 1;
    if (known) change({ kind: name, strength: Number(much) });
    else complain("The noise should be its kind and a strength from 0 to 1, such as gaussian-0.5.");
  }

  return [
    {
      name: "noise",
      kind: "text",
      get: () => `${input.noise.value.kind}-${rounded(input.noise.value.strength)}`,
      set: take,
    },
    {
      name: "seed",
      kind: "whole",
      range: [0, LARGEST_SEED],
      get: () => (input.noise.value.strength > 0 ? input.noise.value.seed : null),
      set: (seed) => change({ seed }),
    },
  ];
}
