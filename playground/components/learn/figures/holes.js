// Holes: two latent spaces of two numbers, one of a plain model and one of a variational, and the
// hunt for places among the codes where the picture is no digit.

import { drawnDigit } from "../../state/input.js";
import { about } from "../../state/models.js";
import { make } from "../../ui/elements.js";
import { verdict } from "../../ui/space/verdict.js";
import { live } from "../parts.js";
import { Field } from "./holes/field.js";

const MODELS = ["vanilla-2", "vae-2"];

export async function mount(element, lesson) {
  const { models, classes } = await about();
  const there = MODELS.map((name) => models.find((model) => model.name === name));
  if (!there.every(Boolean)) throw new Error("This figure needs the two models with a code of two numbers, and one is not here.");
  const fields = there.map((model) => new Field(model, classes, (words) => lesson.say(words), compare, lesson.signal));
  const compared = make("p", { className: "verdict" });

  function compare() {
    const [one, other] = fields.map(({ view, found, model: { label } }) => view && { ...view, label, found });
    if (one && other) compared.textContent = [verdict(one, other), fewer(one, other)].filter(Boolean).join("\n");
  }

  live(element, lesson, async () => {
    await Promise.all(fields.map((field) => field.load()));
    const digit = await drawnDigit();
    await Promise.all(fields.map((field) => field.follow(digit?.noisy ?? null)));
  });

  element.append(
    make(
      "div",
      { className: "map-zone holes" },
      make("p", {}, "Drag the point in either map. A hole is a place that has codes on all sides and none nearby, and where the picture is no clear digit. Find one in each."),
      make("div", { className: "panels" }, ...fields.map((field) => field.element)),
      compared,
    ),
  );
  return fields.map((field, i) => field.entry(`z${i + 1}`));
}

// Which of the two has fewer holes, in words made from their numbers.
function fewer(one, other) {
  if (!one.found || !other.found) return "";
  const [best, worst] = one.found.share <= other.found.share ? [one, other] : [other, one];
  const percent = (key) => [best, worst].map(({ found }) => `${(100 * found[key]).toFixed(0)} %`).join(" against ");
  return `Holes: ${best.label} has fewer. They take ${percent("share")} of the area among the codes; ${percent("empty")} of it is empty.`;
}
