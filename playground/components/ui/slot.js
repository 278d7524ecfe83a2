// A slot for one digit: the drawing, followed live or kept as it is, an example, or a sample.

import { toBytes, toText } from "../engine/bytes.js";
import { newest } from "../engine/wire.js";
import { drawnDigit, exampleDigits, listen, sampledDigit } from "../state/input.js";
import { onSight } from "./canvas.js";
import { paintGrey, paintNothing } from "./pixels.js";

const SIDE = 28;
const GAP = 4; // pixels between a slot and its menu
const EDGE = 8; // pixels that the menu keeps from the edge of the window

// A new slot called `name`. It starts with an example of class `start`, or with the drawing if
// `start` is "drawing", and calls `changed` with the slot whenever its digit changes.
// Its `grey` is the digit as 784 bytes, null while there is none.
export class Slot {
  constructor(name, start, changed, signal) {
    this.name = name;
    this.changed = changed;
    this.grey = null;
    this.words = "";
    this.source = ""; // where the digit is from, as in slotlink.js; its pixels if it has no name
    this.follows = false;
    this.hands = {}; // class -> which example of it comes next
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
  keepUp(signal) {
    const refresh = newest(() => this.follow(), () => {});
    let seen = true;
    let late = false;
    listen((_, changes) => {
      if (!this.follows || !("ink" in changes)) return;
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

  pick(use) {
    this.menu.hidePopover();
    use();
  }

  async useDrawing(follows) {
    this.follows = follows;
    await this.fetch(async () => {
      const drawn = await drawnDigit();
      const grey = drawn?.clean ?? null;
      return [grey, follows ? "your drawing" : "drawn", follows ? "d" : grey];
    });
  }

  // Without a `hand` the one that comes next.
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
  use(grey, words, source = grey) {
    this.follows = false;
    this.wish++;
    this.element.setAttribute("aria-busy", "false");
    this.show(grey, words, source);
  }

  // Two slots change places.
  exchange(other) {
    const [mine, theirs] = [this, other].map(({ grey, words, source, follows }) => ({ grey, words, source, follows }));
    for (const [slot, held] of [[this, theirs], [other, mine]]) {
      slot.use(held.grey, held.words, held.source);
      if (held.follows) slot.useDrawing(true);
    }
  }

  follow() {
    return this.follows ? this.useDrawing(true) : null;
  }

  async fetch(find) {
    const wish = ++this.wish;
    this.element.setAttribute("aria-busy", "true");
    try {
      const found = await find();
      if (wish === this.wish) this.show(...found);
    } catch (error) {
      // The digit stays what it was.
      this.button.title = error.message;
    } finally {
      if (wish === this.wish) this.element.setAttribute("aria-busy", "false");
    }
  }

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

// What is in a slot, as a link says it: "d" for the drawing, "7.1" for an example of class 7 and
// which of its hands, or the packed pixels of any other digit.

const PIXELS = 784;
const EXAMPLE = /^(\d)\.(\d{1,2})$/;

// The slots with commas between them.
export async function writeSlots(slots) {
  const texts = slots.map(({ source }) => (typeof source === "string" ? source : source ? toText(source) : ""));
  return (await Promise.all(texts)).join(",");
}

// Fills slots with what the value called `name` says; gives the sources that they then have, null
// for those that stay as they are.
export async function readSlots(slots, link, name) {
  const text = link.text(name);
  if (text === null) return slots.map(() => null);
  const texts = text.split(",", slots.length);
  return Promise.all(slots.map((slot, i) => readSlot(slot, texts[i] ?? "", link)));
}

async function readSlot(slot, text, link) {
  const example = EXAMPLE.exec(text);
  if (text === "") return null;
  if (text === slot.source) return text;
  if (text === "d") slot.useDrawing(true);
  else if (example) slot.useExample(...example.slice(1).map(Number));
  else {
    try {
      const grey = await toBytes(text, PIXELS);
      if (grey.length < PIXELS) throw new Error("Pixels are missing.");
      slot.use(grey, "from the link");
      return grey;
    } catch {
      return link.wrong(`The digit for ${slot.name} is damaged in the link.`);
    }
  }
  return text;
}
