// One unit of a network in words and pictures: its value, what excites it, what it draws.

import { coder } from "../../../state/coders.js";
import { SIDE, noisyDigit } from "../../../state/input.js";
import { factOf } from "../../../state/models.js";
import { make, speaker } from "../../../ui/elements.js";
import { paintRamp, paintSigned } from "../../../ui/pixels.js";
import { isPicture, nameOf, unitName, valueOf } from "./stages.js";

const FAINT = 1 / 255; // a change of the picture below a grey level cannot be seen

export class UnitPanel {
  constructor() {
    this.title = make("h4");
    this.pictures = make("div", { className: "unit-pictures" });
    this.spoken = make("p", { className: "unseen", role: "status" });
    this.say = speaker(this.spoken);
    this.element = make("div", { className: "unit" }, this.title, this.pictures, this.spoken);
    this.deviations = new Map(); // by model: of each number of its code, over many digits
  }

  // What the layers themselves say of it, at once; `aloud` if it is another unit than before.
  show(stages, { stage, unit }, aloud) {
    const words = `${nameOf(stages, stage)}, ${unitName(stages[stage], unit)}: ${number(valueOf(stages[stage], unit))}`;
    this.title.textContent = words[0].toUpperCase() + words.slice(1);
    if (aloud) this.say(words);
    if (isPicture(stages[stage])) this.pictures.replaceChildren(make("p", {}, "A pixel, from black 0 to white 1."));
  }

  // What the model says of it; nothing if it is a pixel, which stands for nothing else.
  async fetch(model, stages, { stage, unit }) {
    const { part } = stages[stage];
    const seen = noisyDigit.value;
    if (isPicture({ part }) || !seen) return;
    const by = part === "code" ? (await this.deviationsOf(model))[unit] : 1;
    const { excites, kernel, draws } = await coder(model).unit({ image: seen.image, stage: stage - 1, unit, by });
    const shown = [];
    if (excites) shown.push(picture(excitesWords({ first: stage === 1, kernel }), excites, SIDE));
    if (kernel) {
      const [high, wide] = kernel.shape;
      shown.push(picture(`its window of ${wide} × ${high} weights, the same at every place of its map`, kernel.values, wide));
    }
    if (draws) shown.push(picture(drawsWords(by, part), draws, SIDE, FAINT));
    this.pictures.replaceChildren(...shown, legend());
  }

  async deviationsOf(model) {
    if (!this.deviations.has(model)) this.deviations.set(model, (await (await factOf("spread", model)).json()).deviations);
    return this.deviations.get(model);
  }

  // A model may have learnt more.
  forget() {
    this.deviations.clear();
  }
}

function excitesWords({ first, kernel }) {
  if (kernel) return "where its window lies on the picture, and with which weights";
  if (first) return "what excites it: its weight for each pixel";
  return "what excites it: how a brighter pixel would change it, for your digit";
}

function drawsWords(by, part) {
  const much = part === "code" ? `${number(by)}, its standard deviation over many digits` : number(by);
  return `what the decoder adds to the picture if this ${part === "code" ? "number" : "unit"} is raised by ${much}`;
}

// The deepest colours are the largest of the values, or `least` if they are all smaller.
function picture(words, values, side, least = 0) {
  const canvas = make("canvas", { className: "pixels", role: "img", ariaLabel: words });
  const most = values.reduce((sofar, value) => Math.max(sofar, Math.abs(value)), 0);
  paintSigned(canvas, values, side, values.length / side, Math.max(most, least));
  const scale = most < least ? "nothing that can be seen" : `deepest colour: ±${number(most)}`;
  return make("figure", {}, canvas, make("figcaption", {}, words, make("span", {}, scale)));
}

function legend() {
  const ramp = make("canvas", { className: "ramp", ariaHidden: "true" });
  paintRamp(ramp);
  return make("p", { className: "remark" }, ramp, "blue: below zero; orange: above");
}

export function number(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.095 || value === 0 ? 2 : 4;
  const words = Math.abs(value).toFixed(digits);
  return value < 0 && Number(words) ? `−${words}` : words;
}
