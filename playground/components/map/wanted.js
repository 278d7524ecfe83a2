// The place in a longer code that a link names. It holds as long as the drawing and the digits in
// the slots are those of the link, and until the visitor moves.

import { input } from "../state/input.js";

const FAR = 1e6; // as large as a code in a link may be
const LONGEST = 1024; // numbers of a code

export class Wanted {
  // Reads what a link says of a model on a plane of this kind.
  constructor(link, model, kind) {
    const axes = link.numbers("axes", 2, 1, model.code, true);
    this.axes = axes && axes[0] !== axes[1] ? axes.map((number) => number - 1) : null;
    this.place = link.numbers("z", kind === "axes" ? Math.min(model.code, LONGEST) : 2, -FAR, FAR);
    Object.assign(this, { name: model.name, kind, ink: input.ink, sources: [] });
  }

  // The place for this model and plane, null if there is none.
  at(name, kind, slots) {
    const same = name === this.name && kind === this.kind && input.ink === this.ink;
    const held = this.sources.every((source, i) => source === null || source === slots[i].source);
    return same && held ? this.place : null;
  }
}
