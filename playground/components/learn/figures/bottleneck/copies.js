// A digit, a drawing that is none, and noise, through models under pressure and through codes under
// none: what each of them copies.

import { projected } from "../../../engine/evaluation/projection.js";
import { mse, psnr } from "../../../engine/evaluation/reconstruction.js";
import { toBytes, toFloats } from "../../../engine/numbers/float32.js";
import { LARGEST_SEED, newSeed, randomBytes } from "../../../engine/numbers/random.js";
import { coder } from "../../../state/coders.js";
import { about } from "../../../state/models.js";
import { make } from "../../../ui/elements.js";
import { paintGrey, paintNothing } from "../../../ui/pixels.js";
import { tile } from "../../parts.js";

const MODELS = ["conv-32", "sparse-256", "vae-20"];
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const FIRST = "K"; // of the drawings that are no digits

export class Copies {
  // `drawings` are no digits; `changed` hears that something else is to be copied.
  constructor(drawings, changed) {
    this.drawings = drawings;
    this.changed = changed;
    this.seed = 1;
    this.select = make("select", { ariaLabel: "The drawing that is no digit" }, ...drawings.map(({ name }) => new Option(name)));
    this.select.value = FIRST;
    this.select.addEventListener("change", changed);
    const noise = make("button", { type: "button", className: "plain" }, "Other noise");
    noise.addEventListener("click", () => this.turn({ seed: newSeed() }));
    this.range = make("input", { type: "range", min: 1, max: PIXELS, value: 32, ariaLabel: "Numbers in the untrained code" });
    this.output = make("output", {}, "32");
    this.range.addEventListener("input", () => this.turn({ width: this.range.value }));
    const width = make("label", { className: "field" }, make("span", {}, "Numbers in the untrained code"), this.range, this.output);
    this.rows = ["your drawing", "no digit", "noise"].map((words) => rowOf(words));
    this.element = make(
      "div",
      {},
      make("div", { className: "settings" }, width, make("label", { className: "field" }, make("span", {}, "No digit"), this.select), noise),
      make("div", { className: "copies" }, ...this.rows.flatMap(({ tiles }) => tiles.map(({ element }) => element))),
    );
  }

  // Takes the drawing, 784 grey bytes, or null.
  async follow(grey) {
    const { models } = await about();
    const strange = this.drawings.find(({ name }) => name === this.select.value);
    const pictures = [grey, strange.grey, randomBytes(this.seed, PIXELS)];
    const there = pictures.filter(Boolean);
    const names = MODELS.filter((name) => models.some((model) => model.name === name && !model.error));
    const width = Number(this.range.value);
    const made = await copiesOf(there, names, width);
    const labels = [...names.map((name) => labelOf(models, name)), `untrained, ${width}`];
    const first = grey ? 0 : 1;
    this.rows.forEach((row, i) => row.show(pictures[i], labels, made.map((copies) => copies[i - first])));
  }

  entries() {
    return [
      { name: "drawing", kind: "choice", names: this.drawings.map(({ name }) => name), get: () => this.select.value, set: (name) => this.turn({ name }) },
      { name: "width", kind: "whole", range: [1, PIXELS], get: () => Number(this.range.value), set: (width) => this.turn({ width }) },
      { name: "dots", kind: "whole", range: [1, LARGEST_SEED], get: () => (this.seed === 1 ? null : this.seed), set: (seed) => this.turn({ seed }) },
    ];
  }

  turn({ name = this.select.value, width = this.range.value, seed = this.seed }) {
    this.select.value = name;
    this.range.value = width;
    this.output.textContent = width;
    this.seed = seed;
    this.changed();
  }
}

const labelOf = (models, wanted) => {
  const { label, code } = models.find(({ name }) => name === wanted);
  return `${label}, ${code}`;
};

// What each model makes of the pictures, and last a code of `width` numbers that nobody trained, each
// with its PSNR in dB.
export async function copiesOf(pictures, names, width) {
  const images = new Float32Array(pictures.length * PIXELS);
  pictures.forEach((picture, i) => images.set(toFloats(picture), i * PIXELS));
  const drawn = await Promise.all([
    ...names.map(async (name) => {
      const { mean } = await coder(name).encode(images, pictures.length);
      return coder(name).decode(mean, pictures.length);
    }),
    untrained(images, width),
  ]);
  return drawn.map((all) => pictures.map((original, i) => {
    const picture = toBytes(all.subarray(i * PIXELS, (i + 1) * PIXELS));
    return { picture, psnr: psnr(mse(toFloats(picture), toFloats(original))) };
  }));
}

async function untrained(images, width) {
  const drawn = new Float32Array(images.length);
  for (let at = 0; at < images.length; at += PIXELS) drawn.set(await projected(images.subarray(at, at + PIXELS), width), at);
  return drawn;
}

// One picture, and beside it what each code makes of it.
function rowOf(words) {
  const tiles = Array.from({ length: MODELS.length + 2 }, () => tile(""));
  tiles[0].write(words);
  return {
    tiles,
    show(original, labels, copies) {
      tiles.forEach(({ canvas, write }, i) => {
        const picture = i ? copies[i - 1]?.picture : original;
        if (original && picture) paintGrey(canvas, picture, SIDE);
        else paintNothing(canvas, SIDE);
        if (i) write(original && picture ? `${labels[i - 1]}: ${decibels(copies[i - 1].psnr)}` : (labels[i - 1] ?? ""));
      });
    },
  };
}

const decibels = (level) => (Number.isFinite(level) ? `${level.toFixed(1)} dB` : "exact");
