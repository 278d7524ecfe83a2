// Example digits: one button a class, and "surprise me".

import { pictureAction } from "../ui/inkwell.js";
import { draw } from "./ink.js";

const SIDE = 28; // pixels of a digit
const THUMB = 96; // pixels along a thumbnail, sharp on dense screens too

// Pressing a button draws its digit; pressing it again draws the same digit in another hand.
export function exampleButtons(examples, pen, add) {
  const classes = [...new Set(examples.map(({ label }) => label))];
  return classes.map((label) => {
    const hands = examples.filter((example) => example.label === label);
    let next = 0;
    const button = document.createElement("button");
    button.type = "button";
    button.title = `Example ${label}; again for another hand`;
    button.setAttribute("aria-label", `Example digit ${label}`);
    button.append(thumbnail(hands[0], pen));
    button.addEventListener("click", () => {
      add(action(hands[next].strokes, pen));
      next = (next + 1) % hands.length;
      button.replaceChildren(thumbnail(hands[next], pen));
    });
    return button;
  });
}

// A random example as another hand might have put it: slanted, sized and placed by chance.
export function surprise(examples, pen) {
  const { strokes } = examples[Math.floor(Math.random() * examples.length)];
  const between = (low, high) => low + Math.random() * (high - low);
  const slant = between(-0.25, 0.25);
  const [wide, high] = [between(0.65, 1.05), between(0.7, 1.05)];
  const [right, down] = [between(-0.06, 0.06), between(-0.06, 0.06)];
  const place = ([x, y]) => {
    const [u, v] = [x - 0.5, y - 0.5];
    return [0.5 + right + wide * (u - slant * v), 0.5 + down + high * v];
  };
  return action(strokes.map((points) => points.map(place)), pen * between(0.85, 1.15));
}

function action(strokes, size) {
  return { tool: "strokes", size, strokes };
}

function thumbnail({ strokes }, pen) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = THUMB;
  const context = canvas.getContext("2d");
  context.scale(THUMB, THUMB);
  draw(context, action(strokes, pen));
  return canvas;
}

// Pictures from outside: chosen, pasted or dropped. Of several digits in one the visitor chooses.

export function acceptPictures(paper, chooser, pieces, add, say, signal) {
  async function take(file) {
    say("Reading the picture.");
    pieces.hidden = true;
    try {
      const { digitsInFile } = await import("./photograph.js");
      const digits = await digitsInFile(file);
      if (digits.length > 1) offer(digits);
      else put(digits[0], "This is the digit found in your picture. You can draw on it.");
    } catch (error) {
      say(error.message);
    }
  }

  function put(digit, sentence) {
    add(pictureAction(digit, SIDE, SIDE));
    say(sentence);
  }

  function offer(digits) {
    const buttons = digits.map((digit, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", `Digit ${i + 1} of ${digits.length} in your picture`);
      button.append(small(digit));
      button.addEventListener("click", () => {
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        put(digit, `This is digit ${i + 1} of ${digits.length} in your picture. You can draw on it.`);
      });
      return button;
    });
    pieces.replaceChildren(...buttons);
    pieces.hidden = false;
    say(`There are ${digits.length} digits in your picture. Choose one of them below.`);
  }

  chooser.addEventListener("change", () => {
    if (chooser.files.length) take(chooser.files[0]);
    chooser.value = ""; // so that the same file can be chosen again
  });

  document.addEventListener("paste", (event) => {
    const file = firstFile(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    take(file);
  }, { signal });

  for (const kind of ["dragenter", "dragover"]) {
    paper.addEventListener(kind, (event) => {
      event.preventDefault();
      paper.classList.add("dropping");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    paper.addEventListener(kind, () => paper.classList.remove("dropping"));
  }
  paper.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = firstFile(event.dataTransfer);
    if (file) take(file);
    else say("Only picture files can be dropped here.");
  });
}

function small(digit) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pixels = new ImageData(SIDE, SIDE);
  digit.forEach((value, i) => pixels.data.set([255, 255, 255, value], 4 * i));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
}

function firstFile(transfer) {
  return transfer?.files?.[0] ?? null;
}
