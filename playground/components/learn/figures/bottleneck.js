// Why a bottleneck: the few units that the sparse model switches on for a digit, one by one; and
// below them, which codes copy pictures that are no digits.

import { otherDrawings } from "../../state/digits.js";
import { drawnDigit } from "../../state/input.js";
import { make } from "../../ui/elements.js";
import { live } from "../parts.js";
import { Copies } from "./bottleneck/copies.js";
import { Units } from "./bottleneck/units.js";

export async function mount(element, lesson) {
  const units = new Units(() => again());
  const copies = new Copies(await otherDrawings(), () => again());

  const again = live(element, lesson, async () => {
    const digit = await drawnDigit();
    await Promise.all([units.follow(digit?.noisy ?? null), copies.follow(digit?.noisy ?? null)]);
    lesson.say(digit ? "" : "Draw a digit to see which units it switches on.");
  });

  element.append(
    make("h4", {}, "Wide, but sparse: 256 units, few of them on"),
    units.element,
    make("h4", {}, "Who copies what is no digit?"),
    copies.element,
  );
  return [...units.entries(), ...copies.entries()];
}
