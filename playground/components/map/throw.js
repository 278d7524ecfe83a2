// The button that throws darts. What they are thrown with is loaded when somebody throws.

import { LARGEST_SEED } from "../engine/numbers/random.js";
import { signal, watch } from "../state/signals.js";
import { make } from "../ui/elements.js";

const ALWAYS = ["vanilla-32", "vae-20"]; // at which darts are thrown as well: models of more numbers

// `names` gives the models to throw at, and `models` all there are. Every throw is another seed, which a
// link can name.
export function dartsAt(names, models, { say, life, hit }) {
  const seed = signal(0); // of the last throw; 0 before the first
  const button = make("button", { type: "button", className: "plain throw" }, "Throw 100 darts");
  const element = make("div", { className: "dart-zone" });
  let boards = null;
  let thrown = ""; // which models were thrown at last

  const targets = () => [...new Set([...names(), ...ALWAYS])].map((name) => models().find((model) => model.name === name)).filter(Boolean);

  function load() {
    boards ??= import("./darts.js").then(({ Darts }) => new Darts(say, hit));
    boards.catch(() => (boards = null)); // the next throw tries again
    return boards;
  }

  async function fly() {
    if (!seed.value) {
      element.replaceChildren();
      return;
    }
    const at = targets();
    thrown = String(at.map(({ name }) => name));
    try {
      const darts = await load();
      element.replaceChildren(darts.element);
      await darts.throw(at, seed.value);
    } catch (error) {
      say(error.message);
    }
  }

  button.addEventListener("click", () => {
    seed.value = (seed.value % LARGEST_SEED) + 1;
    requestAnimationFrame(() => element.scrollIntoView({ block: "nearest" }));
  });
  watch(() => seed.value, fly, life);
  return {
    button,
    element,
    entry: { name: "darts", kind: "whole", range: [0, LARGEST_SEED], default: 0, state: seed },
    // Another model is on show: it gets its darts as well.
    changed: () => seed.value && thrown !== String(targets().map(({ name }) => name)) && fly(),
  };
}
