// The digits that a walk goes through: two, or the ten of a tour.

import { Slot } from "../ui/slot.js";

const PLACES = 10;

// Fills `element` with slots, and calls `changed` when one of those on show has another digit.
export function ends(element, changed, signal) {
  const told = (slot) => shown.includes(slot) && changed();
  let shown = [];
  const pair = [new Slot("A", "drawing", told, signal), new Slot("B", 0, told, signal)];
  let tour = null;

  const swap = document.createElement("button");
  swap.type = "button";
  swap.className = "icon";
  swap.title = "Swap A and B";
  swap.setAttribute("aria-label", "Swap A and B");
  swap.innerHTML = '<svg viewBox="0 0 20 20"><path d="M3.5 7h12M12.5 4l3 3-3 3M16.5 13h-12M7.5 10l-3 3 3 3" /></svg>';
  swap.addEventListener("click", () => pair[0].exchange(pair[1]));

  function show(touring) {
    if (touring) tour ??= Array.from({ length: PLACES }, (_, i) => new Slot(`Stop ${i + 1}`, i, told, signal));
    shown = touring ? tour : pair;
    element.classList.toggle("touring", touring);
    const parts = touring ? tour.map((slot) => slot.element) : [pair[0].element, swap, pair[1].element];
    if (element.firstElementChild !== parts[0]) element.replaceChildren(...parts);
  }

  // Whether a slot has yet to hear what is in it.
  const waiting = () => shown.some(({ words }) => !words);

  // The digits on show; null while one is missing.
  const digits = () => (!shown.length || shown.some(({ grey }) => !grey) ? null : shown.map(({ grey }) => grey));

  return {
    show,
    slots: () => shown,
    waiting,
    digits,
    use: (end, grey, words) => pair["AB".indexOf(end)].use(grey, words),
  };
}
