// Why convolutions: the windows and what they find, the weights that they save, and a race.

import { segments } from "../../ui/choices.js";
import { make, turn } from "../../ui/elements.js";
import { live } from "../parts.js";
import { InNumbers } from "./convolutions/innumbers.js";
import { Race } from "./convolutions/race.js";
import { Windows } from "./convolutions/windows.js";

const VIEWS = [["windows", "Windows"], ["numbers", "In numbers"], ["race", "The race"]];

export function mount(element, lesson) {
  const views = { windows: new Windows(lesson, () => again()), numbers: new InNumbers(lesson), race: new Race(lesson) };
  let open = "windows";

  const again = live(element, lesson, (signal) => views[open].refresh(signal));

  function show(name) {
    open = name;
    for (const [each, view] of Object.entries(views)) view.element.hidden = each !== name;
    lesson.say("");
    again();
  }

  const choice = segments("convolutions-view", "What to look at", VIEWS, show);
  element.append(make("div", { className: "settings" }, choice), ...Object.values(views).map((view) => view.element));
  show(open);

  return {
    read: () => ({ part: open, ...views[open].read() }),
    apply(link) {
      const wanted = link.choice("part", Object.keys(views));
      if (wanted) turn(choice.querySelector(`[value="${wanted}"]`), true);
      views[open].apply(link);
      again();
    },
  };
}
