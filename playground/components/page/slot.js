// A slot for one digit: the drawing, followed live or kept as it is, or one of the examples.

import { drawnDigit, exampleDigits } from "./digits.js";
import { newest } from "./newest.js";
import { listen } from "./page.js";
import { paintGrey, paintNothing } from "./pixels.js";

const SIDE = 28;

// A new slot called `name`. It starts with an example of class `start`, or with the drawing if
// `start` is "drawing", and calls `changed` with the slot whenever its digit changes.
// Its `grey` is the digit as 784 bytes, null while there is none.
export class Slot {
  constructor(name, start, changed) {
    this.name = name;
    this.changed = changed;
    this.grey = null;
    this.follows = false;
    this.turn = 0;
    this.build();
    const refresh = newest(() => this.follow(), () => {});
    listen((_, changes) => this.follows && "ink" in changes && refresh());
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
    this.button.popoverTargetElement = this.menu;
    this.menu.addEventListener("toggle", ({ newState }) => newState === "open" && this.fillMenu());
    this.element.append(this.button, this.menu);
  }

  async fillMenu() {
    this.place();
    if (this.menu.childElementCount) return;
    const follow = choice("Follow my drawing", () => this.pick(() => this.useDrawing(true)));
    const keep = choice("Keep my drawing as it is", () => this.pick(() => this.useDrawing(false)));
    const digits = document.createElement("div");
    digits.className = "slot-examples";
    this.menu.append(follow, keep, digits);
    const examples = await exampleDigits();
    for (const { label, side, grey } of firstOfEach(examples)) {
      const button = choice("", () => this.pick(() => this.useExample(label)));
      button.setAttribute("aria-label", `Example digit ${label}; again for another hand`);
      const picture = document.createElement("canvas");
      paintGrey(picture, grey, side);
      button.append(picture);
      digits.append(button);
    }
    this.place();
  }

  // Below the slot, and inside the window.
  place() {
    const box = this.button.getBoundingClientRect();
    const { width, height } = this.menu.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
    const below = box.bottom + height + 12 < innerHeight;
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
  }

  pick(use) {
    this.menu.hidePopover();
    use();
  }

  async useDrawing(follows) {
    this.follows = true;
    await this.follow();
    this.follows = follows;
    this.show(this.grey, follows ? "your drawing" : "drawn");
  }

  async follow() {
    try {
      const drawn = await drawnDigit();
      if (this.follows) this.show(drawn?.clean ?? null, "your drawing");
    } catch {
      // The server does not answer: the digit stays what it was, and the cards say why.
    }
  }

  async useExample(label) {
    this.follows = false;
    const hands = (await exampleDigits()).filter((example) => example.label === label);
    this.show(hands[this.turn++ % hands.length].grey, `example ${label}`);
  }

  // Takes a digit from anywhere, with words for where it is from.
  use(grey, words) {
    this.follows = false;
    this.show(grey, words);
  }

  show(grey, words) {
    this.grey = grey;
    if (grey) paintGrey(this.canvas, grey, SIDE);
    else paintNothing(this.canvas, SIDE);
    this.caption.textContent = `${this.name}: ${grey ? words : "nothing drawn yet"}`;
    this.changed(this);
  }
}

function choice(words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}

function firstOfEach(examples) {
  return examples.filter(({ label }, i) => examples.findIndex((other) => other.label === label) === i);
}
