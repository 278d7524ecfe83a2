// A hundred random codes of each model, from its own distribution, decoded beside each other: how many of
// them are digits?

import { drawn } from "../engine/evaluation/rows.js";
import { coder } from "../state/coders.js";
import { judged } from "../state/likeness.js";
import { newLatents } from "../state/sampling.js";
import { mark } from "../ui/choices.js";
import { make, write } from "../ui/elements.js";
import { sideBySide } from "../state/latents.js";

/** @import { Model } from "../state/models.js" */

const DARTS = 100;
const ACROSS = 10;
const SIDE = 28;

// What the darts of a seed came to.
/** @type {(model: Model, seed: number) => Promise<{ codes: Float32Array, pictures: Uint8Array[], digits: boolean[] | null }>} */
async function thrown(model, seed) {
  const codes = await newLatents(model, DARTS, 1, seed);
  const pictures = await drawn(coder(model.name), codes, DARTS);
  return { codes, pictures, digits: (await judged(pictures))?.digits ?? null };
}

// The darts of several models. `hit` hears the name of a model, and its darts once they are judged; null
// once they are taken away.
export class Darts {
  constructor(say, hit) {
    Object.assign(this, { say, hit });
    this.turn = 0;
    this.boards = make("div", { className: "boards" });
    this.told = make("p", { role: "status", className: "told" });
    this.element = make("section", { className: "darts", ariaLabel: "Darts: random codes, decoded" }, this.boards, this.told);
  }

  // Takes all darts away, also those that are still in the air.
  clear() {
    this.turn++;
    for (const { dataset: { darts: name } } of this.boards.children) this.hit(name, null);
    this.boards.replaceChildren();
    write(this.told, "");
  }

  // Throws at each of the models, the same for the same seed.
  async throw(models, seed) {
    const turn = ++this.turn;
    const boards = models.map((model) => new Board(model));
    this.boards.replaceChildren(...boards.map(({ element }) => element));
    this.element.setAttribute("aria-busy", "true");
    const found = [];
    try {
      for (const board of boards) {
        const darts = await thrown(board.model, seed);
        if (turn !== this.turn) return;
        found.push(`${board.model.label}: ${board.show(darts)}`);
        this.hit(board.model.name, darts);
      }
      write(this.told, `${DARTS} random codes each: from the prior or, without one, from the Gaussian that fits the codes. ${found.join("; ")}.`);
    } catch (error) {
      if (turn === this.turn) this.say(error.message);
    } finally {
      if (turn === this.turn) this.element.setAttribute("aria-busy", "false");
    }
  }
}

class Board {
  constructor(model) {
    this.model = model;
    this.share = make("strong", { className: "share-large", tabIndex: 0, dataset: { term: "digit-share" } }, "…");
    this.canvas = make("canvas", { className: "board" });
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `${DARTS} random codes of ${model.label}, not there yet`);
    const name = make("h3", {}, mark(model), `${model.label}, ${model.code} numbers`);
    this.element = make("article", { className: "dartboard", dataset: { darts: model.name } }, name, make("p", {}, this.share), this.canvas);
    this.element.style.setProperty("--model", model.colour);
  }

  // Gives what is said of it.
  show({ pictures, digits }) {
    const hits = digits?.filter(Boolean).length;
    const said = digits ? `${hits} of ${DARTS} are digits` : `${DARTS} random codes`;
    write(this.share, said);
    this.canvas.setAttribute("aria-label", `${this.model.label}: ${said}${digits ? ", the others are dimmed and crossed out" : ""}`);
    paintBoard(this.canvas, pictures, digits);
    return said;
  }
}

// The pictures, ten in a row; what is no digit is dimmed and crossed out.
function paintBoard(canvas, pictures, digits) {
  const rows = Math.ceil(pictures.length / ACROSS);
  Object.assign(canvas, { width: 2 * ACROSS * SIDE, height: 2 * rows * SIDE });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  context.imageSmoothingEnabled = false;
  pictures.forEach((grey, i) => {
    const [left, top] = [SIDE * (i % ACROSS), SIDE * Math.floor(i / ACROSS)];
    const tile = new OffscreenCanvas(SIDE, SIDE);
    tile.getContext("2d").putImageData(sideBySide(grey), 0, 0);
    context.drawImage(tile, left, top);
    if (digits?.[i] !== false) return;
    context.fillStyle = "#e0524a66";
    context.fillRect(left, top, SIDE, SIDE);
    context.strokeStyle = "#ff8a80";
    context.beginPath();
    context.moveTo(left + 3, top + SIDE - 3);
    context.lineTo(left + SIDE - 3, top + 3);
    context.stroke();
  });
}
