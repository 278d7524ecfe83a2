// A digit as a small button: it shows a picture, and goes to where the digit lies.

import { paintGrey } from "../page/pixels.js";

export function thumb(words, grey, colour, { act, look }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumb";
  const canvas = document.createElement("canvas");
  const caption = document.createElement("span");
  caption.className = "value";
  caption.textContent = words;
  button.style.setProperty("--class", colour);
  button.append(canvas, caption);
  if (grey) paintGrey(canvas, grey, Math.sqrt(grey.length));
  button.addEventListener("click", act);
  button.addEventListener("pointerenter", () => look(true));
  button.addEventListener("pointerleave", () => look(false));
  return button;
}
