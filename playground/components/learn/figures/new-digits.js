// New digits from random codes: what the decoder says of each pixel, and dice rolled for each.

import { pack } from "../../engine/bytes.js";
import { newSeed } from "../../engine/random.js";
import { readRows } from "../../engine/replies.js";
import { ask } from "../../engine/wire.js";
import { reconstructions } from "../../state/input.js";
import { segments } from "../../ui/choices.js";
import { make, turn } from "../../ui/elements.js";
import { putOnCanvas } from "../../ui/inkwell.js";
import { paintGrey, paintNothing } from "../../ui/pixels.js";
import { live } from "../parts.js";

const COUNT = 7; // new digits; the visitor's own comes before them
const SIDE = 28;
const MODELS = [["vae-20", "Fully connected"], ["conv-vae-20", "Convolutional"]];

export function mount(element, lesson) {
  const pairs = [pair("your digit, decoded"), ...Array.from({ length: COUNT }, (_, i) => pair(`new ${i + 1}`))];
  const temperature = make("input", { type: "range", min: 0, max: 2, step: 0.05, value: 1, ariaLabel: "Temperature" });
  const output = make("output", {}, "1.00");
  const dice = make("button", { type: "button", className: "plain" }, "Roll the dice");
  let model = MODELS[0][0];
  let seed = 1;

  const again = live(element, lesson, async (signal) => {
    const [own, samples] = await Promise.all([reconstructions([model], "new-digits", signal), drawn()]);
    const pictures = [own?.pictures[0], ...samples];
    pairs.forEach((each, i) => show(each, pictures[i]));
    lesson.say("Click a digit to put it on the canvas.");
  });

  async function drawn() {
    const header = { models: [model], count: COUNT, temperature: Number(temperature.value), seed, judged: false };
    const reply = await ask("live/sample", pack(header, new Uint8Array()));
    return readRows(await reply.arrayBuffer()).rows[0].pictures;
  }

  temperature.addEventListener("input", () => {
    output.textContent = Number(temperature.value).toFixed(2);
    again();
  });
  dice.addEventListener("click", () => {
    seed = newSeed();
    again();
  });
  const choice = segments("new-digits-model", "Model", MODELS, (value) => {
    model = value;
    again();
  });
  element.append(
    make(
      "div",
      { className: "settings" },
      dice,
      make("label", { className: "field", dataset: { term: "temperature" } }, make("span", {}, "Temperature"), temperature, output),
      choice,
    ),
    make(
      "div",
      { className: "pairs" },
      make("div", { className: "legend", ariaHidden: "true" }, make("span", {}, "the odds p"), make("span", {}, "dice for each pixel")),
      ...pairs.map((each) => each.element),
    ),
  );

  return {
    read: () => ({ model, seed, temperature: temperature.value }),
    apply(link) {
      const wanted = link.choice("model", MODELS.map(([name]) => name));
      if (wanted) turn(choice.querySelector(`[value="${wanted}"]`), true);
      seed = link.number("seed", 0, 2 ** 31 - 1, true) ?? seed;
      const warm = link.number("temperature", 0, 2);
      if (warm !== null) temperature.value = warm;
      output.textContent = Number(temperature.value).toFixed(2);
      again();
    },
  };
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
