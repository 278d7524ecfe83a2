// Rows of pictures: how they come, that of the pixels, and whether each is a digit.

import { newest } from "../engine/wire.js";
import { classified } from "../state/coders.js";
import { input } from "../state/input.js";
import { judged } from "../state/likeness.js";

// The row that no model draws: the pixels themselves, faded or added up.
export const PIXELS = {
  name: "pixels",
  sentence: "No model: the pixels themselves.",
  colour: "#6f7882",
  mark: "M-.85-.85H0V0H-.85ZM0 0H.85V.85H0Z",
};

// The verdict on one picture in words. The classifier names it; whether it is a digit at all is told by how
// far it is from digits.
export function verdict(row, i) {
  if (!row?.digits || !row.classes || i >= row.digits.length) return "–";
  return row.digits[i] ? `a digit: ${row.classes[i]}` : `no digit, nearest to a ${row.classes[i]}`;
}

// How many pictures of a row are digits; null if nothing says so.
export const hitsOf = (row) => row?.digits?.filter(Boolean).length ?? null;

// Gives a function that draws the row called so anew: one question in flight a row, and the newest
// wins. `draw` gives its pictures, null where there are none; `show` hears of them with what is
// said of each, and `fail` why there are none. While the pen moves only the pictures
// follow, as they do at first: judging takes longer than they do. Meanwhile `element` is busy.
export function drawsRows(element, { draw, show, fail }) {
  const rows = new Map(); // name -> what draws it
  const shown = new Set(); // the names of those with pictures
  let busy = 0;

  function count(running) {
    busy += running ? 1 : -1;
    element.setAttribute("aria-busy", busy > 0);
  }

  async function redraw(name) {
    try {
      const pictures = await draw(name);
      const row = pictures && { name, side: Math.sqrt(pictures[0].length), pictures, classes: null, digits: null };
      const alone = !row || input.drawing.value;
      if (alone || !shown.has(name)) show(name, row);
      if (row) shown.add(name);
      else shown.delete(name);
      if (!alone) {
        const [named, known] = await Promise.all([classified(pictures), judged(pictures)]);
        show(name, { ...row, ...named, ...known });
      }
    } catch (error) {
      shown.delete(name);
      fail(name, error);
    }
  }

  return (name) => {
    if (!rows.has(name)) rows.set(name, newest(() => redraw(name), count));
    rows.get(name)();
  };
}
