// Noise: every kind of it on the drawing and what a denoiser makes of that; and below it, which of
// several drawings is no digit, by how badly a model draws them again.

import { exampleDigits, otherDrawings } from "../../state/digits.js";
import { drawnDigit } from "../../state/input.js";
import { make } from "../../ui/elements.js";
import { live } from "../parts.js";
import { Kinds } from "./noise/kinds.js";
import { LineUp } from "./noise/lineup.js";

export async function mount(element, lesson) {
  const [digits, others] = await Promise.all([exampleDigits(), otherDrawings()]);
  const kinds = new Kinds(() => again(), lesson.signal);
  await kinds.follow(null); // so that it knows them all when a link names one
  const lineUp = new LineUp(digits, others, () => again());

  const again = live(element, lesson, async () => {
    const digit = await drawnDigit();
    await Promise.all([kinds.follow(digit?.clean ?? null), lineUp.follow(digit?.clean ?? null)]);
    lesson.say(digit ? "" : "Draw a digit to spoil it.");
  });

  element.append(
    make("h4", {}, "Noise, and what is found of it"),
    kinds.element,
    make("h4", {}, "Which of these drawings is not a digit?"),
    lineUp.element,
  );
  return [...kinds.entries(), ...lineUp.entries()];
}
