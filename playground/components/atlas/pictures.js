// What a model draws from the codes of its atlas: asked for by number, and kept.

import { drawn } from "../engine/evaluation/rows.js";
import { rint } from "../engine/numbers/float32.js";
import { newest } from "../engine/wire.js";
import { coder } from "../state/coders.js";
import { atlasLatents } from "../state/sampling.js";
import { paintGrey } from "../ui/pixels.js";

const AT_ONCE = 96; // pictures in one question, so that the answer is there within a frame or two

// Calls `arrived` when pictures have come, and `failed` with an error when they cannot.
export class Pictures {
  constructor(model, arrived, failed) {
    this.model = model;
    this.kept = new Map(); // index -> grey bytes
    this.soon = [];
    this.later = [];
    const fetchSome = newest(async () => {
      try {
        while (await this.fetchNext());
      } catch (error) {
        this.soon = this.later = [];
        failed(error);
      }
      arrived();
    }, () => {});
    this.go = () => this.missing().length && fetchSome();
  }

  get(index) {
    return this.kept.get(index);
  }

  // Asks for the pictures under the pointer, before all others. The last call counts.
  hurry(indices) {
    this.soon = indices;
    this.go();
  }

  // Asks for pictures that are needed as well.
  want(indices) {
    this.later = indices;
    this.go();
  }

  missing() {
    return [...new Set([...this.soon, ...this.later])].filter((i) => !this.kept.has(i)).slice(0, AT_ONCE);
  }

  async fetchNext() {
    const indices = this.missing();
    if (!indices.length) return false;
    await this.fetch(indices);
    return true;
  }

  async fetch(indices) {
    const pictures = await picturesOf(this.model, indices);
    indices.forEach((index, at) => this.kept.set(index, pictures[at]));
  }

  // One picture, now.
  async one(index) {
    if (!this.kept.has(index)) await this.fetch([index]);
    return this.kept.get(index);
  }

  // The mean of some.
  async mean(indices) {
    let sums;
    for (let first = 0; first < indices.length; first += AT_ONCE) {
      for (const grey of await picturesOf(this.model, indices.slice(first, first + AT_ONCE))) {
        sums ??= new Float64Array(grey.length);
        grey.forEach((value, i) => (sums[i] += value));
      }
    }
    return Uint8Array.from(sums, (sum) => rint(sum / indices.length));
  }
}

async function picturesOf(model, indices) {
  const { size, latents } = await atlasLatents(model);
  const some = new Float32Array(size * indices.length);
  indices.forEach((index, at) => some.set(latents.subarray(size * index, size * (index + 1)), size * at));
  return drawn(coder(model.name), some, indices.length);
}

// A digit as a small button: it shows a picture, and goes to where the digit lies.

// `act` hears a click, and `look` with true or false whether the button is pointed at.
export function thumb(name, words, colour, { act, look }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumb";
  button.setAttribute("aria-label", name);
  button.style.setProperty("--class", colour);
  const caption = document.createElement("span");
  caption.className = "value";
  caption.textContent = words;
  button.append(document.createElement("canvas"), caption);
  button.addEventListener("click", act);
  button.addEventListener("pointerenter", () => look(true));
  button.addEventListener("pointerleave", () => look(false));
  return button;
}

// Paints the picture of a button that has none yet, if there is one.
export function paintThumb(button, grey) {
  const canvas = button.querySelector("canvas");
  if (!grey || canvas.dataset.painted) return;
  paintGrey(canvas, grey, Math.sqrt(grey.length));
  canvas.dataset.painted = "yes";
}
