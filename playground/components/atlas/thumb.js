// A digit as a small button: it shows a picture, and goes to where the digit lies.

import { paintGrey } from "../ui/pixels.js";

// `act` hears a click, and `look` with true or false whether the button is pointed at.
export function thumb(name, words, colour, { act, look }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumb";
  button.setAttribute("aria-label", name);
  button.style.setProperty("--class", colour);
  const caption = document.createElement("span");
  caption.className = "value";
  caption.textContent = words;
  button.append(document.createElement("canvas"), caption);
  button.addEventListener("click", act);
  button.addEventListener("pointerenter", () => look(true));
  button.addEventListener("pointerleave", () => look(false));
  return button;
}

// Paints the picture of a button that has none yet, if there is one.
export function paintThumb(button, grey) {
  const canvas = button.querySelector("canvas");
  if (!grey || canvas.dataset.painted) return;
  paintGrey(canvas, grey, Math.sqrt(grey.length));
  canvas.dataset.painted = "yes";
}
