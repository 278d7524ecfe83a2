// New digits from random codes: what the decoder says of each pixel, and dice rolled for each.

import { drawn } from "../../engine/evaluation/rows.js";
import { LARGEST_SEED, newSeed } from "../../engine/numbers/random.js";
import { coder } from "../../state/coders.js";
import { reconstructions } from "../../state/input.js";
import { about } from "../../state/models.js";
import { newLatents } from "../../state/sampling.js";
import { onFrame, signal } from "../../state/signals.js";
import { segments, tieRadios, tieRange } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
import { putOnCanvas } from "../../ui/inkwell.js";
import { paintGrey, paintNothing } from "../../ui/pixels.js";
import { live } from "../parts.js";

const COUNT = 7; // new digits; the visitor's own comes before them
const SIDE = 28;
const MODELS = [["vae-20", "Fully connected"], ["conv-vae-20", "Convolutional"]];

export function mount(element, lesson) {
  const pairs = [pair("your digit, decoded"), ...Array.from({ length: COUNT }, (_, i) => pair(`new ${i + 1}`))];
  const model = signal(MODELS[0][0]);
  const seed = signal(1);
  const temperature = signal(1);
  const range = make("input", { type: "range", min: 0, max: 2, step: 0.05, ariaLabel: "Temperature" });
  const output = make("output", {});
  const dice = make("button", { type: "button", className: "plain" }, "Roll the dice");

  const again = live(element, lesson, async () => {
    const [own, samples] = await Promise.all([reconstructions([model.value]), fromNothing()]);
    const pictures = [own?.[0].picture, ...samples];
    pairs.forEach((each, i) => show(each, pictures[i]));
    lesson.say("Click a digit to put it on the canvas.");
  });

  async function fromNothing() {
    const { models } = await about();
    const facts = models.find(({ name }) => name === model.value);
    if (!facts) throw new Error("This figure needs a model that is not here.");
    return drawn(coder(facts.name), await newLatents(facts, COUNT, temperature.value, seed.value), COUNT);
  }

  tieRange(range, temperature, output, (value) => value.toFixed(2), lesson.signal);
  dice.addEventListener("click", () => (seed.value = newSeed()));
  const choice = segments("new-digits-model", "Model", MODELS);
  tieRadios(choice, model, lesson.signal);
  onFrame(() => [model.value, seed.value, temperature.value], again, lesson.signal);
  element.append(
    make(
      "div",
      { className: "settings" },
      dice,
      make("label", { className: "field", dataset: { term: "temperature" } }, make("span", {}, "Temperature"), range, output),
      choice,
    ),
    make(
      "div",
      { className: "pairs" },
      make("div", { className: "legend", ariaHidden: "true" }, make("span", {}, "the odds p"), make("span", {}, "dice for each pixel")),
      ...pairs.map((each) => each.element),
    ),
  );

  return [
    { name: "model", kind: "choice", names: MODELS.map(([name]) => name), state: model },
    { name: "sample", kind: "whole", range: [0, LARGEST_SEED], state: seed },
    { name: "temperature", kind: "number", range: [0, 2], state: temperature },
  ];
}

function pair(words) {
  const odds = make("canvas", { className: "pixels" });
  const rolled = make("canvas", { className: "pixels" });
  const button = make("button", { type: "button", ariaLabel: `Put on the canvas: ${words}`, disabled: true }, odds);
  const element = make("figure", {}, button, rolled, make("figcaption", {}, words));
  const made = { element, button, odds, rolled, grey: null };
  button.addEventListener("click", () => putOnCanvas(made.grey, SIDE, `A digit from nothing: ${words}.`));
  return made;
}

function show(pairOf, grey) {
  pairOf.grey = grey ?? null;
  pairOf.button.disabled = !grey;
  if (!grey) {
    paintNothing(pairOf.odds, SIDE);
    paintNothing(pairOf.rolled, SIDE);
    return;
  }
  paintGrey(pairOf.odds, grey, SIDE);
  paintGrey(pairOf.rolled, grey.map((odds) => (255 * Math.random() < odds ? 255 : 0)), SIDE);
}
