// Style: the drawing's hand in all ten digits, by a model that is told the class, and hands that nobody has.

import { klPerLatent } from "../../engine/latent/sampling.js";
import { toFloats } from "../../engine/numbers/float32.js";
import { LARGEST_SEED, newSeed } from "../../engine/numbers/random.js";
import { classified, coder } from "../../state/coders.js";
import { digit, noisyDigit } from "../../state/input.js";
import { decode } from "../../state/latents.js";
import { about } from "../../state/models.js";
import { newLatents } from "../../state/sampling.js";
import { onFrame, signal } from "../../state/signals.js";
import { make } from "../../ui/elements.js";
import { putOnCanvas } from "../../ui/inkwell.js";
import { paintGrey, paintNothing } from "../../ui/pixels.js";
import { live } from "../parts.js";

const SIDE = 28;
const STYLES = 3; // rows of styles that nobody has
const READ = "read"; // in a link: the class is what the classifier reads

export async function mount(element, lesson) {
  const { models, classes } = await about();
  const model = models.find((each) => each.classes === classes.length && each.samples);
  if (!model) throw new Error("This figure needs a model that can be told which digit it sees, and none is here.");
  const chosen = signal(READ); // the class that the visitor says it is, as a text
  const seed = signal(1);
  const all = [...classes.keys()];
  const drawing = make("canvas", { className: "pixels", ariaLabel: "Your digit" });
  const own = row("Your hand", all, drawing);
  const dealt = Array.from({ length: STYLES }, (_, i) => row(`New hand ${i + 1}`, all));
  const buttons = tellers(all, chosen);
  const dice = make("button", { type: "button", className: "plain" }, "Roll the dice");
  let rolled = null; // the seed whose styles are on show

  const again = live(element, lesson, async () => {
    const [clean, seen] = [digit.value, noisyDigit.value?.picture];
    const read = clean && (await classified([clean]));
    const told = chosen.value === READ ? read?.classes[0] : Number(chosen.value);
    const [hand] = await Promise.all([clean && handOf(seen, told), roll()]);
    if (seen) paintGrey(drawing, seen, SIDE);
    else paintNothing(drawing, SIDE);
    own.show(hand?.pictures, told);
    buttons.show(clean ? told : undefined);
    lesson.say(hand ? `${inWords(told, read)} This hand costs ${hand.rate.toFixed(1)} nats.` : "Draw a digit, and see all ten in the same hand.");
  });

  // The style of a picture whose class is told, its rate in nats, and every class in it.
  async function handOf(picture, told) {
    const { mean, logVar } = await coder(model.name).encode(toFloats(picture), 1, told === undefined ? null : [told]);
    const pictures = await decode(model.name, all.map(() => mean), all);
    return { pictures, rate: klPerLatent(mean, logVar).reduce((sum, each) => sum + each, 0) };
  }

  async function roll() {
    if (rolled === seed.value) return;
    const rolling = seed.value;
    const latents = await newLatents(model, STYLES, 1, rolling);
    const codes = dealt.map((_, i) => latents.subarray(i * model.code, (i + 1) * model.code));
    const pictures = await decode(model.name, codes.flatMap((code) => all.map(() => code)), codes.flatMap(() => all));
    dealt.forEach((each, i) => each.show(pictures.slice(i * all.length, (i + 1) * all.length)));
    rolled = rolling;
  }

  function inWords(told, read) {
    if (told === undefined) return "The digit classifier is not here: say which digit it is.";
    if (chosen.value !== READ) return `Told “${told}”, because you say so. Press ${told} again to ask the digit classifier.`;
    return `Told “${told}”: the digit classifier is ${(100 * read.chances[0]).toFixed(0)} % sure.`;
  }

  dice.addEventListener("click", () => (seed.value = newSeed()));
  onFrame(() => [chosen.value, seed.value], again, lesson.signal);
  element.append(
    make("div", { className: "settings" }, buttons.element),
    own.element,
    make("div", { className: "settings" }, dice),
    ...dealt.map((each) => each.element),
  );
  return [
    { name: "told", kind: "choice", names: [READ, ...all.map(String)], default: READ, state: chosen },
    { name: "sample", kind: "whole", range: [0, LARGEST_SEED], state: seed },
  ];
}

// A button for each class that the model may be told; the one that was chosen gives the choice back.
function tellers(classes, chosen) {
  const buttons = classes.map((each) => {
    const [name, button] = [String(each), make("button", { type: "button", className: "plain", ariaPressed: "false" }, String(each))];
    button.addEventListener("click", () => (chosen.value = chosen.value === name ? READ : name));
    return button;
  });
  const element = make("div", { className: "tellers" }, make("span", {}, "The model is told"), ...buttons);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "The class that the model is told");
  const show = (told) => buttons.forEach((button, i) => (button.ariaPressed = String(i === told)));
  return { element, show };
}

// A hand, and what it writes: a picture of each class, which a click puts on the canvas. `before` stands
// in front of them.
function row(words, classes, ...before) {
  const pictures = classes.map((name) => {
    const canvas = make("canvas", { className: "pixels" });
    const button = make("button", { type: "button", ariaLabel: `Put on the canvas: ${words}, ${name}` }, canvas);
    const each = { button, canvas, grey: null };
    button.addEventListener("click", () => putOnCanvas(each.grey, SIDE, `${words}, ${name}: drawn by a model.`));
    return each;
  });
  const element = make("div", { className: "hand" }, make("span", {}, words, ...before), ...pictures.map(({ button }) => button));

  // Nothing, or a picture of each class, of which one was told.
  function show(greys, told) {
    pictures.forEach((each, i) => {
      each.grey = greys?.[i] ?? null;
      each.button.disabled = !each.grey;
      each.button.toggleAttribute("data-told", Boolean(each.grey) && i === told);
      if (each.grey) paintGrey(each.canvas, each.grey, SIDE);
      else paintNothing(each.canvas, SIDE);
    });
  }

  show(null);
  return { element, show };
}
