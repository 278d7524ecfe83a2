// The colours of the runs on show: each that of its kind of model, as everywhere.

import { dark } from "../../ui/canvas.js";

const PLAIN = "#8a7665"; // until it is known what a run trains
const APART = 0.5; // how far the second of a kind goes towards black or white

// Two of a kind have two shades of its colour.
export function coloursOf(runs) {
  const own = runs.map(({ follower }) => follower.facts?.colour ?? PLAIN);
  return own.map((colour, i) => (own.indexOf(colour) < i ? shade(colour, dark() ? 255 : 0, APART) : colour));
}

export function shade(colour, towards, share) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `#${parts.map((part) => Math.round(part + (towards - part) * share).toString(16).padStart(2, "0")).join("")}`;
}
