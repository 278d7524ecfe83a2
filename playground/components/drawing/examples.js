// Example digits: one button a class, and "surprise me".

import { draw } from "./pen.js";

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
