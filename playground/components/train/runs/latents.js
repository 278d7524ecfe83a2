// What each number of a code tells of a digit, in nats, as bars that fall when it is not used.

import { colour as themed, fit, font, sizeOf } from "../../ui/canvas.js";
import { make } from "../../ui/elements.js";

const DEAD = 0.01; // nats, below which a number tells nothing
const LOW = 0.001;
const HIGH = 10;
// Pixels for the numbers beside the bars and below them.
const left = () => Math.round(4 * sizeOf(11) + 2);
const foot = () => Math.round(sizeOf(11) + 7);

export class Latents {
  constructor() {
    this.kl = null;
    this.caption = make("figcaption", { tabIndex: 0, dataset: { term: "train-kl" } });
    this.canvas = make("canvas");
    this.canvas.setAttribute("role", "img");
    this.element = make("figure", { className: "latents", hidden: true }, this.caption, this.canvas);
    new ResizeObserver(() => this.paint()).observe(this.canvas);
  }

  // Takes nats per latent; null for models that have no such price.
  show(kl, colour, label) {
    this.kl = kl;
    this.colour = colour;
    this.element.hidden = !kl;
    if (!kl) return;
    const dead = kl.filter((nats) => nats < DEAD).length;
    const words = `${label}KL of each number of the code, nats: ${dead ? `${dead} of ${kl.length} dead` : `none of ${kl.length} dead`}`;
    if (this.caption.textContent !== words) this.caption.textContent = words;
    this.canvas.setAttribute("aria-label", words);
    this.paint();
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !this.kl) return;
    const context = fit(this.canvas, width, height);
    const base = height - foot();
    const y = (nats) => base - (Math.log10(Math.max(LOW, Math.min(nats, HIGH)) / LOW) / Math.log10(HIGH / LOW)) * (base - 6);
    this.paintScale(context, width, y);
    const pitch = Math.min(48, (width - left()) / this.kl.length);
    const bar = pitch > 4 ? pitch - Math.max(1, pitch / 4) : pitch;
    this.kl.forEach((nats, i) => {
      const start = left() + i * pitch + (pitch - bar) / 2;
      const dead = nats < DEAD;
      context.fillStyle = dead ? themed("--rule-strong") : this.colour;
      context.fillRect(start, y(nats), bar, Math.max(1, base - y(nats)));
      if (pitch < sizeOf(11) + 1) return;
      context.fillStyle = themed("--soft");
      context.textAlign = "center";
      context.fillText(dead ? "×" : i + 1, start + bar / 2, height - 6);
    });
  }

  paintScale(context, width, y) {
    context.font = font(11);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of [0.001, 0.01, 0.1, 1, 10]) {
      const top = Math.round(y(value)) + 0.5;
      context.fillStyle = themed("--soft");
      context.fillText(value, left() - 6, Math.max(6, top));
      context.strokeStyle = themed(value === DEAD ? "--ink" : "--rule");
      context.setLineDash(value === DEAD ? [2, 3] : []);
      context.beginPath();
      context.moveTo(left(), top);
      context.lineTo(width, top);
      context.stroke();
    }
    context.setLineDash([]);
  }
}
