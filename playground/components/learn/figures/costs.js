// The two costs, in four parts: of the visitor's digit, between two Gaussians, at different beta, and
// for one pixel.

import { segments } from "../../ui/choices.js";
import { make, turn } from "../../ui/elements.js";
import { live } from "../parts.js";
import { betaPart } from "./costs/betas.js";
import { digitPart } from "./costs/digit.js";
import { gaussiansPart } from "./costs/gaussians.js";
import { pixelPart } from "./costs/pixel.js";

const PARTS = [
  ["digit", "Your digit", digitPart],
  ["gaussians", "Two Gaussians", gaussiansPart],
  ["beta", "The price β", betaPart],
  ["pixel", "One pixel", pixelPart],
];

// A part has an `element`, `refresh()`, which asks about the drawing as it is, and what it adds to
// a link: `read` and `apply`.
export function mount(element, lesson) {
  const parts = Object.fromEntries(PARTS.map(([name, , build]) => [name, build(lesson)]));
  let open = PARTS[0][0];
  const again = live(element, lesson, (signal) => parts[open].refresh(signal));

  const choice = segments("costs-part", "Part of the figure", PARTS.map(([name, words]) => [name, words]), (name) => {
    open = name;
    for (const [each, part] of Object.entries(parts)) part.element.hidden = each !== open;
    lesson.say("");
    again();
  });
  for (const [each, part] of Object.entries(parts)) part.element.hidden = each !== open;
  element.append(make("div", { className: "settings" }, choice), ...Object.values(parts).map((part) => part.element));

  return {
    read: () => ({ part: open, ...parts[open].read() }),
    apply(link) {
      const wanted = link.choice("part", PARTS.map(([name]) => name));
      if (wanted) turn(choice.querySelector(`[value=${wanted}]`), true);
      parts[open].apply(link);
      again();
    },
  };
}
