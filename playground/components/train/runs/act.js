// One run on the stage: how far it is, the visitor's own drawing as it draws it by now, and its map.

import { viewOf } from "../../engine/evaluation/reconstruction.js";
import { remoteModel } from "../../engine/models/model.js";
import { toBytes } from "../../engine/numbers/float32.js";
import { coder } from "../../state/coders.js";
import { noisyDigit } from "../../state/input.js";
import { known } from "../../state/models.js";
import { make, write } from "../../ui/elements.js";
import { decibels } from "../../ui/numbers.js";
import { paintGrey, paintNothing } from "../../ui/pixels.js";
import { attempt } from "../../ui/space/drawn.js";
import { After } from "./after.js";
import { Head } from "./head.js";
import { RunMap } from "./map.js";

const SIDE = 28;
const RUN = "run:"; // before the name of a run's model

export class Act {
  // `wished` hears the id of the run that now does what was wished, `moved` where the point went.
  constructor(follower, { classes, wished, moved }) {
    this.follower = follower;
    this.name = RUN + follower.id;
    this.head = new Head(wished);
    this.map = new RunMap(classes, moved);
    this.yours = shown("yours", "Your drawing");
    this.point = shown("point", "At the point");
    this.after = new After(this.name);
    const tell = (sentence) => this.head.tell(sentence);
    this.redraw = attempt(() => this.drawYours(), tell);
    this.repoint = attempt(() => this.drawPoint(), tell);
    this.partner = null; // the name of the model beside it
    this.placed = false; // whether the visitor has moved the point
    this.element = make("article", { className: "act", dataset: { run: follower.id } }, this.head.element,
      make("div", { className: "scene" }, make("div", { className: "digits" }, this.yours.element, this.point.element), this.map.element),
      this.after.element);
  }

  // The weights change while it trains: the server has the newest. Then the page has them itself.
  get model() {
    const { state } = this.follower.facts ?? {};
    const there = known.peek()?.some(({ name }) => name === this.name);
    return there && !["waiting", "running", "paused"].includes(state) ? coder(this.name) : remoteModel(this.name);
  }

  get learnt() {
    return this.follower.facts?.drawing === true;
  }

  // `letter` tells it from the run beside it; none for one alone.
  show(letter, colour) {
    const { facts, pictures, version } = this.follower;
    this.element.style.setProperty("--run", colour);
    this.head.show(this.follower, letter);
    this.map.show(pictures, facts?.name ?? "");
    this.element.classList.toggle("flat", !this.map.element.hidden);
    this.point.element.hidden = this.map.element.hidden;
    this.after.show(this.follower, this.learnt, this.partner);
    const now = `${version} ${facts?.state} ${this.learnt}`;
    if (now === this.drawn) return;
    this.drawn = now;
    this.redraw();
    this.repoint();
  }

  // Another drawing, or other models in the other tabs.
  follow() {
    this.after.show(this.follower, this.learnt, this.partner);
    this.redraw();
  }

  // What the run makes of the drawing by now.
  async drawYours() {
    const seen = noisyDigit.peek();
    const { canvas, words } = this.yours;
    if (!seen || !this.learnt) {
      paintNothing(canvas, SIDE);
      write(words, seen ? "Yours, in a moment" : "Draw a digit");
      this.map.follow(null);
      return;
    }
    const view = await viewOf(this.model, seen);
    paintGrey(canvas, view.picture, SIDE);
    write(words, `Yours · ${decibels(view.psnr)}`);
    this.place(view);
  }

  // The visitor's digit on the map, where the point stands until it is moved.
  place({ cloud, code }) {
    if (!this.map.view) return;
    this.map.follow({ mean: [...(cloud?.mean ?? code)], spread: cloud ? [...cloud.spread] : null });
    if (this.placed) return;
    this.map.place(this.map.shareOf(this.map.you.mean));
    this.repoint();
  }

  goTo(point) {
    if (!this.map.view) return;
    this.placed = true;
    this.map.place(point);
    this.repoint();
  }

  async drawPoint() {
    if (!this.map.view || !this.learnt) return;
    const drawn = await this.model.decode(Float32Array.from(this.map.code), 1);
    paintGrey(this.point.canvas, toBytes(drawn), SIDE);
  }

  repaint() {
    this.map.repaint();
  }
}

// A large picture, and words below it.
function shown(name, label) {
  const canvas = make("canvas", { className: "pixels", dataset: { picture: name } });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  paintNothing(canvas, SIDE);
  const words = make("figcaption", { className: "value" }, label);
  return { canvas, words, element: make("figure", { className: name }, canvas, words) };
}
