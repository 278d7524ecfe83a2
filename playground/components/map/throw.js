// The button that throws darts. What they are thrown with is loaded when somebody throws.

import { LARGEST_SEED } from "../engine/numbers/random.js";
import { signal, watch } from "../state/signals.js";
import { make } from "../ui/elements.js";

const ALWAYS = ["vanilla-32", "vae-20"]; // at which darts are thrown as well: models of more numbers

// `names` gives the models to throw at, and `models` all there are. Every throw is another seed, which a
// link can name. `hit` hears the name of a model and where its darts have landed, null for nowhere.
export function dartsAt(names, models, { say, life, hit = () => {} }) {
  const seed = signal(0); // of the last throw; 0 before the first
  const button = make("button", { type: "button", className: "plain throw" }, "Throw 100 darts");
  const element = make("div", { className: "dart-zone" });
  let boards = null;
  let thrown = ""; // which models were thrown at last
  let asked = false; // somebody has thrown, and looks for where the darts land

  const targets = () => [...new Set([...names(), ...ALWAYS])].map((name) => models().find((model) => model.name === name)).filter(Boolean);
  const signature = (at) => at.map(({ name, version }) => `${name} ${version}`).join();

  function load() {
    boards ??= import("./darts.js").then(({ Darts }) => new Darts(say, hit));
    boards.catch(() => (boards = null)); // the next throw tries again
    return boards;
  }

  async function fly() {
    const at = targets();
    thrown = signature(at);
    try {
      const darts = await load();
      if (!seed.value) return; // a link has taken them back meanwhile
      element.replaceChildren(darts.element);
      const landed = darts.throw(at, seed.value);
      comeIntoView(darts.element); // the boards are there, with their size
      await landed;
      comeIntoView(darts.element); // what is said of the darts has moved them
      asked = false;
    } catch (error) {
      say(error.message);
    }
  }

  function comeIntoView(landing) {
    if (asked) landing.scrollIntoView({ block: "nearest" });
  }

  // As before the first throw, which a link can say too.
  async function clear() {
    element.replaceChildren();
    (await boards?.catch(() => null))?.clear();
  }

  button.addEventListener("click", () => {
    asked = true;
    seed.value = (seed.value % LARGEST_SEED) + 1;
  });
  watch(() => seed.value, (now) => (now ? fly() : clear()), life);
  return {
    button,
    element,
    entry: { name: "darts", kind: "whole", range: [0, LARGEST_SEED], default: 0, state: seed },
    // Another model is on show, or one has learnt more: it gets its darts as well.
    changed: () => seed.value && thrown !== signature(targets()) && fly(),
  };
}
