// Why convolutions: the windows and what they find, the weights that they save, and a race.

import { signal, watch } from "../../state/signals.js";
import { segments, tieRadios } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
import { live } from "../parts.js";
import { InNumbers } from "./convolutions/innumbers.js";
import { Race } from "./convolutions/race.js";
import { Windows } from "./convolutions/windows.js";

const VIEWS = [["windows", "Windows"], ["numbers", "In numbers"], ["race", "The race"]];

export function mount(element, lesson) {
  const views = { windows: new Windows(lesson, () => again()), numbers: new InNumbers(lesson), race: new Race(lesson) };
  const open = signal("windows");

  const again = live(element, lesson, (flight) => views[open.value].refresh(flight));

  function show(name) {
    for (const [each, view] of Object.entries(views)) view.element.hidden = each !== name;
    lesson.say("");
    again();
  }

  const choice = segments("convolutions-view", "What to look at", VIEWS);
  tieRadios(choice, open, lesson.signal);
  element.append(make("div", { className: "settings" }, choice), ...Object.values(views).map((view) => view.element));
  watch(() => open.value, show, lesson.signal);

  return [
    { name: "part", kind: "choice", names: Object.keys(views), state: open, then: () => views[open.value].entries() },
  ];
}
