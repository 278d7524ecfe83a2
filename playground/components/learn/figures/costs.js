// The two costs, in four parts: of the visitor's digit, between two Gaussians, at different beta, and
// for one pixel.

import { signal, watch } from "../../state/signals.js";
import { segments, tieRadios } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
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
// a link, its `entries`.
export function mount(element, lesson) {
  const parts = Object.fromEntries(PARTS.map(([name, , build]) => [name, build(lesson)]));
  const open = signal(PARTS[0][0]);
  const again = live(element, lesson, () => parts[open.value].refresh());

  const choice = segments("costs-part", "Part of the figure", PARTS.map(([name, words]) => [name, words]));
  tieRadios(choice, open, lesson.signal);
  watch(() => open.value, (name) => {
    for (const [each, part] of Object.entries(parts)) part.element.hidden = each !== name;
    lesson.say("");
    again();
  }, lesson.signal);
  element.append(make("div", { className: "settings" }, choice), ...Object.values(parts).map((part) => part.element));

  return [
    { name: "part", kind: "choice", names: PARTS.map(([name]) => name), state: open, then: () => parts[open.value].entries },
  ];
}
