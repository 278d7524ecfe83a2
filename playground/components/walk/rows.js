// The row of the pixels, and what the digit classifier says of each picture of a row.

import { isSure } from "../engine/replies.js";

// The row that no model draws: the pixels themselves, faded or added up.
export const PIXELS = {
  name: "pixels",
  sentence: "No model: the pixels themselves.",
  colour: "#6f7882",
  mark: "M-.85-.85H0V0H-.85ZM0 0H.85V.85H0Z",
};

// The verdict on one picture in words.
export function verdict(row, i) {
  if (!row?.chances) return "–";
  const chance = Math.floor(100 * row.chances[i]); // 99.6 % is not yet 100 %
  return `${isSure(row, i) ? "sure" : "unsure"}: ${row.classes[i]}, ${chance} %`;
}
