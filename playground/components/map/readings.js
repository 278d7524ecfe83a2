// The numbers beside a map: those of the place at the point, and those of the whole space.

import { make, row, write } from "../ui/elements.js";
import { signed } from "../ui/numbers.js";

export class Readings {
  constructor() {
    const rows = {
      place: row("place", "z₁, z₂"),
      prior: row("prior-density", "Prior density"),
      nearest: row("nearest-code", "Nearest code"),
      continuity: row("continuity", "Continuity"),
      completeness: row("completeness", "Completeness"),
    };
    this.cells = Object.fromEntries(Object.entries(rows).map(([key, { cell }]) => [key, cell]));
    for (const [key, cell] of Object.entries(this.cells)) cell.dataset.number = key;
    this.element = make("dl", {}, ...Object.values(rows).map(({ element }) => element));
  }

  blank() {
    for (const cell of Object.values(this.cells)) write(cell, "–");
  }

  // Of a place; `nearest` gives the distance to the nearest code, and is null while nobody knows it.
  showPlace([z1, z2], { square: { half }, prior }, nearest) {
    const digits = half < 10 ? 2 : 1;
    write(this.cells.place, `${signed(z1, digits)}, ${signed(z2, digits)}`);
    write(this.cells.prior, prior ? priorDensity(z1, z2) : "no prior");
    write(this.cells.nearest, nearest ? distance(nearest(z1, z2), half) : "–");
  }

  // Of a space; null for what is not known of it.
  showSpace({ continuity, digits }) {
    write(this.cells.continuity, continuity ? continuity.mean.toFixed(3) : "–");
    write(this.cells.completeness, digits ? percent(digits.random) : "–");
  }

  // The place in words, with what is drawn there if that has a name.
  spoken(looks) {
    const [place, nearest] = [this.cells.place, this.cells.nearest].map((cell) => cell.textContent);
    const words = [`z1, z2 are ${place}`, looks, nearest !== "–" && `nearest training code ${nearest} away`];
    return words.filter(Boolean).join(", ");
  }
}

// Those of a point on a plane of longer codes.
export class PlaneReadings {
  constructor() {
    this.element = make("dl", { className: "latent-facts" });
  }

  blank() {
    this.element.replaceChildren();
  }

  show(plane, x, y) {
    this.element.replaceChildren(...plane.numbers(x, y).map(([words, value]) => line(words, signed(value, 2), plane.term)));
  }

  leave() {
    this.element.replaceChildren(line("off the plane", "drag to return"));
  }

  // They in words, with what is drawn there if that has a name.
  spoken(looks) {
    const lines = [...this.element.children].map((each) => [...each.children].map((part) => part.textContent).join(" "));
    return [...lines, looks].filter(Boolean).join(", ");
  }
}

function line(words, value, term) {
  const element = make("div", {}, make("dt", {}, words), make("dd", {}, value));
  if (term) element.dataset.term = term;
  return element;
}

function priorDensity(z1, z2) {
  const density = Math.exp(-0.5 * (z1 * z1 + z2 * z2)) / (2 * Math.PI);
  return `${density < 0.0005 ? "< 0.001" : density.toFixed(3)} / unit²`;
}

function distance(far, half) {
  return `${far.toFixed(half < 10 ? 3 : 2)} units`;
}

export function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}
