// The drawing floats over what is shown while one presents; its grip moves it, and folds it away.

import { make } from "../ui/elements.js";

const STEP = 32; // px that an arrow key moves it
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ASIDE = "aside"; // of the page: room is left where the drawing lies

const page = document.documentElement;
const drawing = () => document.querySelector("#input");

// Puts it back where it belongs.
export function sinkDrawing() {
  const sheet = drawing();
  sheet.querySelector(".grip")?.remove();
  sheet.classList.remove("folded");
  sheet.style.removeProperty("left");
  sheet.style.removeProperty("top");
  aside(false);
}

// Room is left for the drawing until it is moved or folded away.
function aside(there) {
  if (there === page.classList.contains(ASIDE)) return;
  page.classList.toggle(ASIDE, there);
  dispatchEvent(new Event("resize")); // what is painted takes its size from the page
}

export function floatDrawing() {
  sinkDrawing();
  const sheet = drawing();
  const move = make("button", { type: "button", className: "move", title: "Drag to move the drawing; arrow keys move it too" }, "Your drawing");
  const fold = make("button", { type: "button", className: "icon", title: "Fold the drawing away, or open it", ariaLabel: "The drawing", ariaExpanded: "true" }, "–");
  let grabbed = null; // where in the sheet it is held

  function put(left, top) {
    const { width, height } = sheet.getBoundingClientRect();
    sheet.style.left = `${Math.max(0, Math.min(left, innerWidth - width))}px`;
    sheet.style.top = `${Math.max(0, Math.min(top, innerHeight - Math.min(height, 80)))}px`;
    aside(false);
  }

  move.addEventListener("pointerdown", (event) => {
    const box = sheet.getBoundingClientRect();
    grabbed = [event.clientX - box.left, event.clientY - box.top];
    move.setPointerCapture(event.pointerId);
  });
  move.addEventListener("pointermove", (event) => grabbed && put(event.clientX - grabbed[0], event.clientY - grabbed[1]));
  for (const name of ["pointerup", "pointercancel"]) move.addEventListener(name, () => (grabbed = null));
  move.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const box = sheet.getBoundingClientRect();
    put(box.left + STEP * way[0], box.top + STEP * way[1]);
  });
  fold.addEventListener("click", () => {
    const folded = sheet.classList.toggle("folded");
    fold.ariaExpanded = String(!folded);
    const { left, top } = sheet.getBoundingClientRect();
    if (sheet.style.left) put(left, top);
    else aside(!folded);
  });
  sheet.prepend(make("div", { className: "grip" }, move, fold));
  aside(true);
}
