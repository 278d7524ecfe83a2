// One model of two numbers: its map to drag in, what it draws there, and the numbers of the place.

import { whole as wholeSpace } from "../engine/latent/planes.js";
import { coder } from "../state/coders.js";
import { drawSheet } from "../state/latents.js";
import { fetchDigits } from "../state/likeness.js";
import { fetchDensity, fetchMeasured, fetchNearest, fetchPlaces } from "../state/places.js";
import { chooser, mark, offer } from "../ui/choices.js";
import { make, write } from "../ui/elements.js";
import { Drawn, attempt } from "../ui/space/drawn.js";
import { paintMap } from "../ui/space/ground.js";
import { Pad } from "../ui/space/pad.js";
import { evenScale, quantileScale } from "../ui/space/scale.js";
import { paintVisitor } from "../ui/space/visitor.js";
import { Cloud } from "./cloud.js";
import { Follower } from "./follower.js";
import { paintDarts } from "./hits.js";
import { Readings, percent } from "./readings.js";

export class Panel {
  // `shared` has what both panels follow: { models, colours, layers, moved, loaded, say }.
  constructor(shared, name) {
    this.shared = shared;
    this.turn = 0;
    this.wishes = 0; // how often tiles were asked for
    this.tile = attempt(() => this.drawTiles(), shared.say);
    this.build(name);
  }

  build(name) {
    const { models } = this.shared;
    this.mark = make("span", { className: "panel-mark" });
    this.chooser = chooser("Model of this map", models, name, (chosen) => this.load(chosen));
    this.pad = new Pad({
      paintGround: (context, side) => this.view && paintMap(context, side, this.view, this.shared.layers()),
      paintTop: (context, side) => this.view && this.paintTop(context, side),
      moved: (point) => this.shared.moved(this, point),
    });
    this.cloud = new Cloud(() => this.pad.refresh(), this.shared.say);
    const at = () => this.view && { name: this.name, code: this.code() };
    this.digit = new Drawn(at, { say: this.shared.say, rested: (look) => this.describe(look), drew: (grey) => this.follower.paint(grey) });
    this.follower = new Follower();
    this.pad.element.append(this.follower.element);
    this.share = make("p", { className: "share-title", tabIndex: 0, dataset: { term: "digit-share" } });
    Object.assign(this.digit.canvas, { tabIndex: 0 }).dataset.term = "decoded";
    this.readings = new Readings();
    this.element = make(
      "article",
      { className: "panel" },
      make("header", {}, this.mark, this.chooser),
      this.share,
      this.pad.element,
      make("div", { className: "decoded" }, this.digit.canvas, this.readings.element),
      this.cloud.element,
    );
    this.load(name);
  }

  choose(name) {
    if (name === this.name) return;
    this.chooser.value = name;
    this.load(name);
  }

  // Models have come, gone or learnt more. If the one of this map is gone, another takes its place.
  offer() {
    const name = offer(this.chooser, this.shared.models, this.name);
    const facts = this.shared.models.find((model) => model.name === name);
    if (name && (name !== this.name || facts.version !== this.facts.version)) this.load(name);
  }

  // Fetches all there is to show of a model, what is seen first first.
  async load(name) {
    const turn = ++this.turn;
    const current = () => turn === this.turn;
    this.facts = this.shared.models.find((model) => model.name === name);
    this.name = name;
    this.element.dataset.model = name;
    this.element.style.setProperty("--model", this.facts.colour);
    this.element.setAttribute("aria-label", `Map of ${this.facts.label}`);
    this.mark.replaceChildren(mark(this.facts));
    this.chooser.title = this.facts.sentence;
    [this.view, this.nearest, this.darts] = [null, null, null];
    this.follow(null);
    this.blank();
    try {
      const places = await fetchPlaces(name, this.shared.colours.length);
      if (!current()) return;
      this.view = { ...places, colours: this.shared.colours, colour: this.facts.colour };
      this.rescale();
      this.show();
      this.shared.loaded(this);
      this.retile();
      await this.tell(name, current);
      await coder(name).ready;
      const nearest = await fetchNearest(name);
      if (!current()) return;
      this.nearest = nearest;
      this.show();
      if (!this.facts.run) return;
      const measured = await fetchMeasured(name); // of a run it takes a second or two
      if (!current()) return;
      Object.assign(this.view, measured);
      this.readings.showSpace(this.view);
      this.shared.loaded(this);
    } catch (error) {
      if (!current()) return;
      if (!this.view) this.share.hidden = true;
      this.shared.say(error.message);
    }
  }

  // Nothing of the model before is left to be mistaken for the new one's.
  blank() {
    delete this.element.dataset.tiles;
    this.digit.clear();
    this.follower.clear();
    this.share.hidden = false;
    write(this.share, "Measuring what is a digit …");
    this.readings.blank();
    this.pad.repaint();
  }

  // Tells where digits are; where that cannot be said, why not.
  async tell(name, current) {
    try {
      const digits = await fetchDigits(name);
      if (!current()) return;
      this.view.digits = digits;
      this.share.replaceChildren(make("strong", {}, percent(digits.share)), " of the square draws a digit");
      this.pad.repaint();
      this.readings.showSpace(this.view);
      this.shared.loaded(this);
    } catch (error) {
      if (!current()) return;
      this.share.hidden = true;
      this.shared.say(error.message);
    }
  }

  paintTop(context, side) {
    if (this.darts) paintDarts(context, side, this.view.scales, this.darts);
    paintVisitor(context, side, this.view.scales, this.cloud.you, this.cloud.samples);
    this.follower.follow(this.pad.point, side);
  }

  // Shows where darts have landed: { codes, digits }; null for nowhere.
  hit(darts) {
    this.darts = darts;
    this.pad.refresh();
  }

  // The scales as the layers ask for them. The tiles follow.
  rescale() {
    const { square: { centre, half }, spread, prior } = this.view;
    const [x, y] = centre.map((middle, i) => {
      const ends = [middle - half, middle + half];
      if (this.shared.layers().spacing === "even") return evenScale(...ends);
      return quantileScale(middle, prior ? 1 : spread[i], ...ends);
    });
    this.view.scales = { x, y };
    this.repaint();
  }

  retile() {
    this.wishes++;
    delete this.element.dataset.tiles; // until all are those that were asked for
    this.tile();
  }

  async drawTiles() {
    const { name, view, wishes } = this;
    if (!view) return;
    const { count } = this.shared.layers();
    const { x, y } = view.scales;
    await drawSheet(name, wholeSpace(), x.lattice(count), y.lattice(count), (tiles, whole) => {
      if (view !== this.view || (!whole && wishes !== this.wishes)) return false;
      view.tiles = tiles;
      this.pad.repaint();
      return true;
    });
    if (view !== this.view || wishes !== this.wishes) return;
    this.element.dataset.tiles = count;
    this.element.dispatchEvent(new CustomEvent("tiled", { bubbles: true }));
  }

  repaint() {
    this.pad.repaint();
    this.pad.refresh();
    if (this.shared.layers().density && !this.view.density) this.condense(this.view);
  }

  // The density takes a while to add up, so it is asked for when it is first wanted.
  async condense(view) {
    try {
      view.density = await fetchDensity(this.name);
      if (view === this.view) this.pad.repaint();
    } catch (error) {
      this.shared.say(error.message);
    }
  }

  // Resolves when all tiles are as the layers ask for them.
  async tiled() {
    const { element } = this;
    while (!element.dataset.tiles) await new Promise((resolve) => element.addEventListener("tiled", resolve, { once: true }));
  }

  // Where the point is, in the model's own numbers.
  code() {
    const { x, y } = this.view.scales;
    return [x.from(this.pad.point.u), y.from(this.pad.point.v)];
  }

  // What lies at the point.
  show() {
    if (!this.view) return;
    this.digit.follow();
    this.readings.showPlace(this.code(), this.view, this.nearest);
    this.readings.showSpace(this.view);
  }

  describe({ looks }) {
    const { label } = this.facts;
    this.digit.canvas.setAttribute("aria-label", `Digit that ${label} draws there: ${looks || "unnamed"}`);
    this.pad.announce(`Latent space of ${label}`, this.readings.spoken(looks));
  }

  // Puts the point where the visitor's digit is.
  goToDigit() {
    const code = this.cloud.you?.mean;
    if (!this.view || !code) return;
    const { x, y } = this.view.scales;
    const [u, v] = [x.to(code[0]), y.to(code[1])].map((share) => Math.max(0, Math.min(share, 1)));
    if (Math.hypot(u - this.pad.point.u, v - this.pad.point.v) < 1e-6) return;
    this.pad.place(u, v);
    this.show();
  }

  // Takes the view of the visitor's digit; null while there is none.
  follow(view) {
    this.cloud.follow(this.facts, view);
  }
}
