// The cells of a code, a number in each. One is chosen: by a click, or by the arrow keys; plus and minus, or
// Page Up and Page Down, change its number.

import { make } from "../../../ui/elements.js";

const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const STEPS = { "+": 1, "=": 1, "PageUp": 1, "-": -1, "PageDown": -1 };

// `chosen` hears of the cell that is taken. A number that the keys change is a "step" of the element.
export function grid(side, chosen) {
  const buttons = Array.from({ length: side * side }, () => make("button", { type: "button" }));
  const lines = Array.from({ length: side }, (_, row) => {
    const line = make("div", { role: "row" }, ...buttons.slice(row * side, (row + 1) * side));
    return line;
  });
  const element = make("div", { className: "cells", role: "grid", ariaLabel: "The number of each cell. Arrow keys go from cell to cell, plus and minus change its number" }, ...lines);
  element.style.setProperty("--side", String(side));

  buttons.forEach((button, i) => {
    button.setAttribute("role", "gridcell");
    button.addEventListener("click", () => chosen(i));
    button.addEventListener("keydown", (event) => {
      const [way, step] = [WAYS[event.key], STEPS[event.key]];
      if (!way && !step) return;
      event.preventDefault();
      event.stopPropagation();
      if (step) {
        element.dispatchEvent(new CustomEvent("step", { detail: step }));
        return;
      }
      const [row, col] = [Math.floor(i / side) + way[0], (i % side) + way[1]];
      if (row < 0 || col < 0 || row >= side || col >= side) return;
      chosen(row * side + col);
      buttons[row * side + col].focus();
    });
  });

  // The numbers, those of the encoder, and which cell is chosen.
  function show(numbers, given, at) {
    buttons.forEach((button, i) => {
      const number = numbers?.[i];
      button.textContent = number === undefined ? "" : String(number);
      button.disabled = number === undefined;
      button.tabIndex = i === at ? 0 : -1;
      button.ariaSelected = String(i === at);
      button.ariaLabel = `Row ${Math.floor(i / side) + 1}, column ${(i % side) + 1}: ${number ?? "none"}`;
      button.toggleAttribute("data-changed", number !== undefined && number !== given?.[i]);
    });
  }

  show(null, null, 0);
  return { element, show };
}
