// Codes of a lattice as numbers, and back (vae_core/models/quantisers.py).

import { levelOf, pointOf } from "../kernel/codes.js";

/** @typedef {{ levels: number[], cells: number }} Codes how many levels each number of a code has, and how many cells there are */

// What the lattice of a model's layers is; null if it has none.
/** @type {(layers: { decode: import("../kernel/program.js").Plain }) => Codes | null} */
export function codesOf({ decode }) {
  const found = decode.operations.find(({ kind }) => kind === "lattice");
  return found?.levels ? { levels: found.levels, cells: found.shape[1] * found.shape[2] } : null;
}

/** @type {(codes: Codes) => number} */
export const countOf = ({ levels }) => levels.reduce((product, each) => product * each, 1);

// The number of the code in each cell of the latents of one image.
/** @type {(latents: ArrayLike<number>, codes: Codes) => number[]} */
export function numbersOf(latents, { levels, cells }) {
  return Array.from({ length: cells }, (_, cell) => {
    let step = 1;
    return levels.reduce((sum, count, i) => {
      const found = sum + step * levelOf(latents[i * cells + cell], count);
      step *= count;
      return found;
    }, 0);
  });
}

// The latents that the codes with these numbers stand for.
/** @type {(numbers: ArrayLike<number>, codes: Codes) => Float32Array} */
export function latentsOf(numbers, { levels, cells }) {
  const found = new Float32Array(levels.length * cells);
  for (let cell = 0; cell < cells; cell++) {
    let rest = numbers[cell];
    levels.forEach((count, i) => {
      found[i * cells + cell] = pointOf(rest % count, count);
      rest = Math.floor(rest / count);
    });
  }
  return found;
}
