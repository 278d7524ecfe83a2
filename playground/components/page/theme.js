// Light or dark: the visitor's choice if there is one, else the system's.

import { dark, onTheme } from "../ui/theme.js";

const KEY = "theme";

export function themeButton(button) {
  const show = () => button.setAttribute("aria-pressed", String(dark()));

  apply(remembered());
  show();
  onTheme(() => {
    // Gradio follows the system; a choice made here outranks it.
    apply(remembered());
    show();
  });
  button.addEventListener("click", () => {
    remember(dark() ? "light" : "dark");
    apply(remembered());
    show();
  });
}

let choice = null; // for browsers that keep nothing for this page

function remembered() {
  try {
    return localStorage.getItem(KEY) ?? choice;
  } catch {
    return choice;
  }
}

function remember(theme) {
  choice = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off. The choice holds until the page is closed.
  }
}

function apply(theme) {
  if (theme) document.body.classList.toggle("dark", theme === "dark");
}
