// What a model draws from the codes of an atlas: asked for by number, and kept.

import { pack, unpack } from "../engine/bytes.js";
import { ask, newest } from "../engine/wire.js";
import { paintGrey } from "../ui/pixels.js";

const AT_ONCE = 96; // pictures in one request; a small reply is back within a frame

// Calls `arrived` when pictures have come, and `failed` with an error when they cannot.
export class Pictures {
  constructor(model, arrived, failed) {
    this.model = model;
    this.kept = new Map(); // index -> grey bytes
    this.side = 28;
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
    const drawn = await picturesOf({ model: this.model, indices });
    indices.forEach((index, at) => this.kept.set(index, drawn[at]));
    return true;
  }

  // One picture, now.
  async one(index) {
    if (!this.kept.has(index)) {
      const [drawn] = await picturesOf({ model: this.model, indices: [index] });
      this.kept.set(index, drawn);
    }
    return this.kept.get(index);
  }
}

// The mean of what a model draws from some codes.
export async function meanOf(model, indices) {
  return (await picturesOf({ model, indices, mean: true }))[0];
}

async function picturesOf(header) {
  const reply = await ask("live/points", pack(header, new Uint8Array()));
  const { header: { side, count }, bytes } = unpack(await reply.arrayBuffer());
  return Array.from({ length: count }, () => bytes(side * side));
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
