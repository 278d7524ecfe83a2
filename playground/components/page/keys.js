// What the keys do, for who asks with "?".

import { make } from "../ui/elements.js";

const KEYS = [
  ["Anywhere", [
    ["Ctrl Z, Ctrl Y", "take back the last stroke, and draw it again"],
    ["P", "presenter mode, for a projector"],
    ["?", "this list"],
  ]],
  ["On the canvas", [
    ["arrows", "move the pen, with Shift further"],
    ["Space", "set the pen down, or lift it"],
    ["B, E", "pen, eraser"],
    ["Delete", "clear the canvas"],
  ]],
  ["On a map", [
    ["arrows", "move the point, with Shift further"],
    ["Home", "go to the middle"],
    ["+, −, 0", "in the atlas: closer, farther, all of it"],
    ["Enter", "in the atlas: take the digit"],
  ]],
  ["In presenter mode", [
    ["Page Down, Page Up", "next step, previous step; the arrows too"],
    ["N", "all steps"],
    ["Esc", "leave"],
  ]],
];

/** @type {HTMLDialogElement | undefined} */
let list;

// Shows the list; Escape or a click beside it closes it, and the focus goes back to where it was.
export function showKeys() {
  list ??= built();
  list.showModal();
}

/** @returns {HTMLDialogElement} */
function built() {
  const close = make("button", { type: "button", className: "plain" }, "Close");
  const groups = KEYS.map(([title, keys]) => make("section", {}, make("h3", {}, String(title)), make("dl", {},
    .../** @type {string[][]} */ (keys).map(([key, words]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, words))))));
  const dialog = make("dialog", { className: "key-list", ariaLabel: "What the keys do" }, close, make("h2", {}, "Keys"), ...groups);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  document.querySelector(".gradio-container")?.append(dialog);
  return dialog;
}
