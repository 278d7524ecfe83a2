// A slot for one digit: the drawing, followed live or kept as it is, an example, or a sample.

import { newest } from "../engine/wire.js";
import { exampleDigits } from "../state/digits.js";
import { drawnDigit, input } from "../state/input.js";
import { sampledDigit } from "../state/sampling.js";
import { onFrame } from "../state/signals.js";
import { onSight } from "./canvas.js";
import { paintGrey, paintNothing } from "./pixels.js";

const SIDE = 28;
const GAP = 4; // pixels between a slot and its menu
const EDGE = 8; // pixels that the menu keeps from the edge of the window

/**
 * @typedef {string | Uint8Array<ArrayBuffer> | null} Source "d" for the drawing, "7.1" for an example, pixels for another; "" for none
 * @import { Example } from "../state/digits.js"
 */

// A new slot called `name`. It starts with an example of class `start`, or with the drawing if
// `start` is "drawing", and calls `changed` with the slot whenever its digit changes.
// Its `grey` is the digit as 784 bytes, null while there is none.
export class Slot {
  /** @type {HTMLElement} */
  element;
  /** @type {HTMLButtonElement} */
  button;
  /** @type {HTMLCanvasElement} */
  canvas;
  /** @type {HTMLElement} */
  caption;
  /** @type {HTMLElement} */
  menu;
  /** @type {Uint8Array<ArrayBuffer> | null} */
  grey = null;
  /** @type {Source} */
  source = ""; // where the digit is from
  /** @type {{ [label: number]: number }} */
  hands = {}; // class -> which example of it comes next

  /**
   * @param {string} name
   * @param {number | "drawing"} start
   * @param {(slot: Slot) => unknown} changed
   * @param {AbortSignal} signal
   */
  constructor(name, start, changed, signal) {
    this.name = name;
    this.changed = changed;
    this.words = "";
    this.follows = false;
    this.wish = 0; // counts what was asked for: an answer that comes too late is not shown
    this.build();
    this.keepUp(signal);
    if (start === "drawing") this.useDrawing(true);
    else this.useExample(start);
  }

  build() {
    this.element = document.createElement("div");
    this.element.className = "slot";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "slot-face";
    this.canvas = document.createElement("canvas");
    this.canvas.className = "pixels";
    this.caption = document.createElement("span");
    this.caption.className = "slot-caption";
    this.button.append(this.canvas, this.caption);
    this.menu = document.createElement("div");
    this.menu.className = "slot-menu";
    this.menu.popover = "auto";
    this.menu.setAttribute("role", "group");
    this.menu.setAttribute("aria-label", `Digits for ${this.name}`);
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", ({ newState }) => newState === "open" && this.fillMenu());
    this.element.append(this.button, this.menu);
    paintNothing(this.canvas, SIDE);
    this.caption.textContent = this.name;
  }

  // Follows the drawing, except behind another tab; there it catches up when it is seen again.
  /** @param {AbortSignal} signal */
  keepUp(signal) {
    const refresh = newest(() => this.follow(), () => {});
    let seen = true;
    let late = false;
    onFrame(() => input.ink.value, () => {
      if (!this.follows) return;
      if (seen) refresh();
      else late = true;
    }, signal);
    onSight(this.element, (visible) => {
      seen = visible;
      if (seen && late && this.follows) refresh();
      if (seen) late = false;
    }, signal);
  }

  async fillMenu() {
    this.place();
    if (this.menu.childElementCount) return;
    const digits = document.createElement("div");
    digits.className = "slot-examples";
    this.menu.append(
      choice("Follow my drawing", () => this.pick(() => this.useDrawing(true))),
      choice("Keep my drawing as it is", () => this.pick(() => this.useDrawing(false))),
      choice("Sample a new digit", () => this.pick(() => this.useSample())),
      digits,
    );
    this.place();
    const examples = await exampleDigits();
    for (const { label, side, grey } of firstOfEach(examples)) {
      const button = choice("", () => this.pick(() => this.useExample(label)));
      button.setAttribute("aria-label", `Example digit ${label}; again for another hand`);
      button.title = `Example ${label}; again for another hand`;
      const picture = document.createElement("canvas");
      paintGrey(picture, grey, side);
      button.append(picture);
      digits.append(button);
    }
    this.place();
  }

  // Below the slot, or above it where there is more room, and inside the window.
  place() {
    const box = this.button.getBoundingClientRect();
    const { width, height } = this.menu.getBoundingClientRect();
    const left = Math.max(EDGE, Math.min(box.left, innerWidth - width - EDGE));
    const fits = box.bottom + GAP + height + EDGE <= innerHeight;
    const top = fits ? box.bottom + GAP : Math.max(EDGE, box.top - height - GAP);
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${top}px`;
  }

  /** @param {() => unknown} use */
  pick(use) {
    this.menu.hidePopover();
    use();
  }

  /** @param {boolean} follows */
  async useDrawing(follows) {
    this.follows = follows;
    await this.fetch(async () => {
      const drawn = await drawnDigit();
      const grey = drawn?.clean ?? null;
      return [grey, follows ? "your drawing" : "drawn", follows ? "d" : grey];
    });
  }

  // Without a `hand` the one that comes next.
  /** @param {number} label */
  async useExample(label, hand = this.hands[label] ?? 0) {
    this.follows = false;
    await this.fetch(async () => {
      const hands = (await exampleDigits()).filter((example) => example.label === label);
      const turn = hand % hands.length;
      this.hands[label] = (turn + 1) % hands.length;
      return [hands[turn].grey, `example ${label}`, `${label}.${turn}`];
    });
  }

  async useSample() {
    this.follows = false;
    await this.fetch(async () => {
      const grey = await sampledDigit();
      return [grey, "sample", grey];
    });
  }

  // Takes a digit from anywhere, with words for where it is from.
  /**
   * @param {Uint8Array<ArrayBuffer> | null} grey
   * @param {string} words
   * @param {Source} source
   */
  use(grey, words, source = grey) {
    this.follows = false;
    this.wish++;
    this.element.setAttribute("aria-busy", "false");
    this.show(grey, words, source);
  }

  // Two slots change places.
  /** @param {Slot} other */
  exchange(other) {
    const { grey, words, source, follows } = this;
    this.become(other);
    other.become({ grey, words, source, follows });
  }

  /** @param {Pick<Slot, "grey" | "words" | "source" | "follows">} held */
  become({ grey, words, source, follows }) {
    this.use(grey, words, source);
    if (follows) this.useDrawing(true);
  }

  follow() {
    return this.follows ? this.useDrawing(true) : null;
  }

  /** @param {() => Promise<[grey: Uint8Array<ArrayBuffer> | null, words: string, source: Source]>} find */
  async fetch(find) {
    const wish = ++this.wish;
    this.element.setAttribute("aria-busy", "true");
    try {
      const found = await find();
      if (wish === this.wish) this.show(...found);
    } catch (error) {
      // The digit stays what it was.
      this.button.title = error instanceof Error ? error.message : String(error);
    } finally {
      if (wish === this.wish) this.element.setAttribute("aria-busy", "false");
    }
  }

  /**
   * @param {Uint8Array<ArrayBuffer> | null} grey
   * @param {string} words
   * @param {Source} source
   */
  show(grey, words, source) {
    this.grey = grey;
    this.words = words;
    this.source = source;
    if (grey) paintGrey(this.canvas, grey, SIDE);
    else paintNothing(this.canvas, SIDE);
    this.caption.textContent = `${this.name}: ${grey ? words : "nothing drawn yet"}`;
    this.button.title = "Choose another digit";
    this.changed(this);
  }
}

/** @type {(words: string, act: () => unknown) => HTMLButtonElement} */
function choice(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}

/** @type {(examples: Example[]) => Example[]} */
function firstOfEach(examples) {
  return examples.filter(({ label }, i) => examples.findIndex((other) => other.label === label) === i);
}
