// The digit at a point: what a decoder draws there, at every move, and what that looks like once the
// point rests.

import { newest } from "../../engine/wire.js";
import { decode, lookOf } from "../../state/latents.js";
import { make } from "../elements.js";
import { paintGrey, paintNothing } from "../pixels.js";

/** @typedef {Awaited<ReturnType<typeof lookOf>>} Look */

const SIDE = 28;
const REST = 250; // ms without a movement until the digit is put into words

// Returns a function that asks for `work`, one at a time and the newest wins. `say` hears what went
// wrong, and "" when it works again.
/** @type {(work: () => Promise<unknown>, say: (sentence: string) => unknown) => () => void} */
export function attempt(work, say) {
  let troubled = false;
  return newest(async () => {
    try {
      await work();
      if (troubled) say("");
      troubled = false;
    } catch (error) {
      troubled = true;
      say(error instanceof Error ? error.message : String(error));
    }
  }, () => {});
}

export class Drawn {
  // `at` gives the model and the code of the point, or null while there is none. `rested` hears what
  // the digit looks like, `drew` its bytes, and `say` of trouble.
  /**
   * @param {() => { name: string, code: ArrayLike<number> } | null} at
   * @param {{ say: (sentence: string) => unknown, rested?: (look: Look) => unknown, drew?: (grey: Uint8Array) => unknown }} listeners
   */
  constructor(at, { say, rested, drew }) {
    this.at = at;
    this.rested = rested;
    this.drew = drew;
    this.moves = 0;
    this.resting = 0;
    this.grey = new Uint8Array(SIDE * SIDE);
    this.canvas = make("canvas", { className: "pixels" });
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "Digit at the point"); // until it is known what it looks like
    this.ask = attempt(() => this.draw(), say);
    this.look = attempt(() => this.describe(), say);
    this.clear();
  }

  clear() {
    this.leave();
    paintNothing(this.canvas, SIDE);
  }

  // The point has moved. One question at a time: a decoder that is slower than the hand draws the newest place.
  follow() {
    this.leave();
    this.ask();
  }

  // What is shown is not what lies at the point, until that is drawn.
  leave() {
    this.moves++;
    clearTimeout(this.resting);
    this.canvas.dataset.exact = "false";
  }

  async draw() {
    const { moves } = this;
    const place = this.at();
    if (!place) return;
    const [grey] = await decode(place.name, [place.code]);
    if (place.name !== this.at()?.name) return;
    paintGrey(this.canvas, grey, SIDE);
    this.drew?.(grey);
    if (moves !== this.moves) return;
    this.canvas.dataset.exact = "true";
    this.grey = grey;
    if (this.rested) this.resting = setTimeout(this.look, REST);
  }

  async describe() {
    const { moves } = this;
    const look = await lookOf(this.grey);
    if (moves === this.moves) this.rested?.(look);
  }
}
