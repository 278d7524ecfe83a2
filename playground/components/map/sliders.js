// A slider for each number of a code, the most important first, each with what it does to the digit.

import { traverse } from "../engine/latent/interpolation.js";
import { evenlySpaced } from "../engine/latent/planes.js";
import { toBytes } from "../engine/numbers/float32.js";
import { coder } from "../state/coders.js";
import { sideBySide } from "../state/latents.js";
import { make } from "../ui/elements.js";
import { signed } from "../ui/numbers.js";

const FIRST = 20; // that are shown until all are asked for
const FRAMES = 9;
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
    return { element, latent, strip, range, output, values: evenlySpaced(min, max, FRAMES) };
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
    const ready = await coder(model).ready;
    if (rows !== this.rows) return;
    // In the page row by row, so that the pen need not wait for all of them; of a server all at once.
    const size = ready ? 1 : rows.length;
    for (let first = 0; first < rows.length; first += size) {
      const some = rows.slice(first, first + size);
      const codes = some.map(({ latent, values }) => traverse(code, latent, values));
      const frames = toBytes(await coder(model).decode(joined(codes), FRAMES * some.length));
      if (rows !== this.rows) return;
      const each = frames.length / some.length;
      some.forEach(({ strip }, i) => paintStrip(strip, sideBySide(frames.subarray(i * each, (i + 1) * each))));
    }
  }
}

function joined(arrays) {
  const all = new Float32Array(arrays.length * arrays[0].length);
  arrays.forEach((each, i) => all.set(each, i * each.length));
  return all;
}

function paintStrip(canvas, image) {
  const { width, height } = image;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}
