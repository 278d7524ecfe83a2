// One map to hunt for holes in: what is drawn at the point, and whether it is a hole there.

import { whole } from "../../../engine/latent/planes.js";
import { drawSheet, encode } from "../../../state/latents.js";
import { factOf } from "../../../state/models.js";
import { fetchDigits } from "../../../state/likeness.js";
import { fetchPlaces, nearestOf } from "../../../state/places.js";
import { font, onTheme } from "../../../ui/canvas.js";
import { mark } from "../../../ui/choices.js";
import { make, row, write } from "../../../ui/elements.js";
import { signed } from "../../../ui/numbers.js";
import { Drawn } from "../../../ui/space/drawn.js";
import { paintMap } from "../../../ui/space/ground.js";
import { Pad } from "../../../ui/space/pad.js";
import { evenScale } from "../../../ui/space/scale.js";
import { paintVisitor } from "../../../ui/space/visitor.js";

const TILES = 18; // along a side of the picture of the map
const FAR = 1e6; // as large as a code in a link may be

export class Field {
  // `say` hears of trouble, `learnt` that there are new numbers.
  constructor(model, classes, say, learnt, signal) {
    Object.assign(this, { model, say, learnt });
    this.view = null;
    this.found = null; // what the server found of holes
    this.next = 0; // which of its holes is shown next
    this.caught = []; // the holes where the visitor has been
    this.layers = { tiles: true, nonsense: false, codes: true, circles: false, density: false, classes: new Set(classes.keys()) };
    this.colours = classes;
    this.build();
    onTheme(() => this.pad.repaint(), signal);
  }

  build() {
    const { label, colour, sentence } = this.model;
    this.pad = new Pad({
      paintGround: (context, side) => this.view && paintMap(context, side, this.view, this.layers),
      paintTop: (context, side) => this.view && this.paintTop(context, side),
      moved: () => this.show(),
    });
    const at = () => this.view && { name: this.model.name, code: this.code() };
    this.digit = new Drawn(at, { say: this.say, rested: (look) => this.judge(look) });
    this.digit.canvas.setAttribute("aria-label", "What the decoder draws at the point");
    this.rows = {
      place: row("place", "z₁, z₂"),
      nearest: row("nearest-test-code", "Nearest code"),
      continuity: row("continuity", "Continuity"),
      completeness: row("completeness", "Completeness"),
      share: row("holes", "Holes"),
    };
    this.judged = make("p", { className: "judged", ariaLive: "polite" });
    this.button = make("button", { type: "button", className: "plain", disabled: true }, "Show me a hole");
    this.button.addEventListener("click", () => this.showHole());
    this.count = make("span", {});
    this.element = make(
      "article",
      { className: "panel", ariaLabel: `Map of ${label}` },
      make("header", {}, make("span", { className: "panel-mark" }, mark(this.model)), make("strong", { title: sentence }, label)),
      this.pad.element,
      make("div", { className: "decoded" }, this.digit.canvas, make("dl", {}, ...Object.values(this.rows).map(({ element }) => element))),
      this.judged,
      make("p", { className: "hunt" }, this.button, this.count),
    );
    this.element.style.setProperty("--model", colour);
  }

  // Fetches all there is to show, once; the holes come when they are found.
  load() {
    this.loading ??= this.fetch().catch((error) => {
      this.loading = null; // the next look at the figure tries again
      throw error;
    });
    return this.loading;
  }

  async fetch() {
    const { name, colour } = this.model;
    const places = await fetchPlaces(name, this.colours.length);
    const { square: { centre, half } } = places;
    const [x, y] = centre.map((middle) => evenScale(middle - half, middle + half));
    this.view = { ...places, scales: { x, y }, colours: this.colours, colour };
    this.nearest = nearestOf(places.codes);
    this.pad.repaint();
    if (this.goal) this.go(this.goal);
    else this.show();
    this.learnt();
    this.search();
    await drawSheet(name, whole(), x.lattice(TILES), y.lattice(TILES), (tiles) => {
      this.view.tiles = tiles;
      this.pad.repaint();
      return true;
    });
  }

  async search() {
    try {
      const reply = await factOf("holes", this.model.name);
      this.found = await reply.json();
      this.view.digits = await fetchDigits(this.model.name);
      this.button.disabled = !this.found.places.length;
      this.show();
      this.learnt();
    } catch (error) {
      this.say(error.message);
    }
  }

  // The visitor's drawing lands on the map: 784 grey bytes, or null.
  async follow(grey) {
    const [code] = grey ? await encode(this.model.name, [grey]) : [];
    this.you = code ? { mean: [...code], spread: null } : null;
    this.pad.refresh();
  }

  paintTop(context, side) {
    const { x, y } = this.view.scales;
    this.caught.forEach((place, i) => paintHole(context, x.to(place[0]) * side, (1 - y.to(place[1])) * side, i + 1));
    paintVisitor(context, side, this.view.scales, this.you, []);
  }

  code() {
    const { x, y } = this.view.scales;
    return [x.from(this.pad.point.u), y.from(this.pad.point.v)];
  }

  go([z1, z2]) {
    const { x, y } = this.view.scales;
    this.pad.go(x.to(z1), y.to(z2));
  }

  showHole() {
    const { places } = this.found;
    this.go(places[this.next]);
    this.next = (this.next + 1) % places.length;
  }

  // What lies at the point; it is judged when the point rests.
  show() {
    const { view, rows } = this;
    if (!view) return;
    const [z1, z2] = this.code();
    const digits = view.square.half < 10 ? 2 : 1;
    this.digit.follow();
    write(rows.place.cell, `${signed(z1, digits)}, ${signed(z2, digits)}`);
    write(rows.nearest.cell, this.nearest ? `${this.nearest(z1, z2).toFixed(digits)} units` : "–");
    write(rows.continuity.cell, view.continuity ? view.continuity.mean.toFixed(3) : "–");
    write(rows.completeness.cell, view.digits ? percent(view.digits.random) : "–");
    write(rows.share.cell, this.found ? `${percent(this.found.share)} of the area` : "–");
  }

  // Whether this is a hole, and if not, why not.
  judge({ sure, looks }) {
    const { found, nearest } = this;
    const code = this.code();
    this.digit.canvas.setAttribute("aria-label", `Digit that ${this.model.label} draws there: ${looks || "unnamed"}`);
    const words = found && nearest && sure !== null ? this.reason(code, sure) : "";
    write(this.judged, [looks && `${looks[0].toUpperCase()}${looks.slice(1)}.`, words].filter(Boolean).join(" "));
    this.pad.announce(`Latent space of ${this.model.label}`, `z1, z2 are ${this.rows.place.cell.textContent}. ${this.judged.textContent}`);
    write(this.count, this.caught.length ? `${this.caught.length} found` : "");
  }

  reason(code, sure) {
    const empty = this.nearest(...code) > this.found.near;
    if (!encloses(this.found.outline, code)) return "No hole: this is outside of all codes.";
    if (sure) return empty ? "No hole: no code is near, but the picture is clear." : "No hole: codes are near, and the picture is clear.";
    if (!empty) return "No hole but a border: codes are near, and one digit turns into another.";
    this.catch(code);
    return "A hole: codes on all sides, none nearby, and no clear digit.";
  }

  // A hole near one that was found before is the same one.
  catch(code) {
    const apart = 3 * this.found.near;
    if (this.caught.some((place) => Math.hypot(place[0] - code[0], place[1] - code[1]) < apart)) return;
    this.caught.push(code);
    this.pad.refresh();
  }

  // The place of the point, as a link says it.
  entry(name) {
    return {
      name,
      kind: "numbers",
      count: 2,
      range: [-FAR, FAR],
      get: () => this.view && this.code(),
      set: (place) => {
        this.goal = place;
        if (this.view) this.go(place);
      },
    };
  }
}

// Whether a place lies within a convex outline whose corners are in turn.
function encloses(outline, [x, y]) {
  const sides = outline.map(([fromX, fromY], i) => {
    const [toX, toY] = outline[(i + 1) % outline.length];
    return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}

function paintHole(context, left, top, number) {
  const ring = new Path2D();
  ring.arc(left, top, 9, 0, 2 * Math.PI);
  context.fillStyle = "#000c";
  context.fill(ring);
  context.strokeStyle = "#fff";
  context.lineWidth = 1.5;
  context.stroke(ring);
  context.font = font(11, 600);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = "#fff";
  context.fillText(number, left, top);
}

const percent = (share) => `${(100 * share).toFixed(0)} %`;
