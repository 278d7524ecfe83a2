// A slider for each number of a code, the most important first, each with what it does to the digit.

import { pack, unpack } from "../engine/bytes.js";
import { greyOf } from "../engine/sheet.js";
import { ask } from "../engine/wire.js";
import { make } from "../ui/elements.js";
import { signed } from "../ui/numbers.js";

const FIRST = 20; // that are shown until all are asked for
const FRAMES = 9;
const SIDE = 28;
const STEPS = 200; // along a slider

const ORDERS = {
  kl: "Ordered by how much each number tells of a digit: KL to the prior, nats per image.",
  effect: "Ordered by effect: how much the picture changes over the slider's range, RMS, white being 1.",
};

export class Sliders {
  // `moved` hears which number of the code was moved, and where to.
  constructor(moved) {
    this.moved = moved;
    this.rows = [];
    this.order = make("p", { className: "slider-order", dataset: { term: "latent-order" }, tabIndex: 0 });
    this.list = make("ol", { className: "sliders" });
    this.more = make("button", { type: "button", className: "plain" });
    this.more.addEventListener("click", () => this.fill(this.rows.length < this.facts.order.length));
    this.element = make("section", { className: "slider-zone", ariaLabel: "The numbers of the code" }, this.order, this.list, this.more);
  }

  // The numbers of another model: the answer of live/latents.
  take(facts) {
    this.facts = facts;
    this.order.textContent = ORDERS[facts.measure];
    this.fill(false);
  }

  fill(all) {
    const count = this.facts.order.length;
    const shown = all ? count : Math.min(FIRST, count);
    this.rows = Array.from({ length: shown }, (_, place) => this.row(place));
    this.list.replaceChildren(...this.rows.map(({ element }) => element));
    this.more.hidden = count <= FIRST;
    this.more.textContent = all ? `Show the ${FIRST} most important` : `Show all ${count}`;
    if (this.code) this.show(this.code);
    this.refilled?.();
  }

  row(place) {
    const { order, importance, low, high, dead, measure } = this.facts;
    const latent = order[place];
    const worth = measure === "kl" ? `${importance[place].toFixed(2)} nats` : importance[place].toFixed(3);
    const strip = make("canvas", { className: "strip-frames", ariaHidden: "true" });
    const [min, max] = [low[place], high[place]];
    const range = make("input", { type: "range", min, max, step: (max - min) / STEPS, ariaLabel: `z${latent + 1}` });
    const output = make("output", { ariaLive: "off" });
    range.addEventListener("input", () => {
      output.textContent = signed(Number(range.value), 2);
      this.moved(latent, Number(range.value));
    });
    const name = make("span", { className: "latent-name" }, make("b", {}, `z${latent + 1}`), make("span", {}, dead[place] ? "dead" : worth));
    if (dead[place]) {
      name.dataset.term = "dead-latent";
      name.tabIndex = 0;
      name.title = worth;
    }
    const element = make("li", { className: dead[place] ? "dead" : "" }, name, make("span", { className: "track" }, strip, range), output);
    element.dataset.latent = latent;
    return { element, latent, strip, range, output };
  }

  // Puts the sliders where the numbers of a code are.
  show(code) {
    this.code = code;
    for (const { latent, range, output } of this.rows) {
      if (Number(range.value) !== code[latent]) range.value = code[latent];
      const text = signed(code[latent], 2);
      if (output.textContent !== text) output.textContent = text;
    }
  }

  // Draws the code again with each number moved through its range.
  async strips(model, code) {
    const { rows } = this;
    const header = { model, latents: rows.map(({ latent }) => latent), frames: FRAMES };
    const reply = await ask("live/traverse", pack(header, new Uint8Array(Float32Array.from(code).buffer)));
    const message = await reply.arrayBuffer();
    const { bytes } = unpack(message);
    const file = bytes(message.byteLength - 4 - new DataView(message).getUint32(0, true));
    const { width, bytes: grey } = await greyOf(file);
    if (rows !== this.rows) return;
    rows.forEach(({ strip }, i) => paintStrip(strip, grey.subarray(i * SIDE * width, (i + 1) * SIDE * width), width));
  }
}

function paintStrip(canvas, grey, width) {
  if (canvas.width !== width || canvas.height !== SIDE) Object.assign(canvas, { width, height: SIDE });
  const image = new ImageData(width, SIDE);
  grey.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}
