// A command line, to be copied.

import { make } from "./elements.js";

const COPY = "Copy";

export class Command {
  // `words` say what it does.
  /** @param {string} words */
  constructor(words) {
    this.words = make("code", { className: "value", tabIndex: 0 });
    this.button = make("button", { type: "button", className: "plain" }, COPY);
    this.button.addEventListener("click", () => this.copy());
    this.element = make("div", { className: "command" }, make("span", {}, words), this.button, this.words);
  }

  // Lines break between flags, not within.
  /** @type {(command: string) => Command} */
  spell(command) {
    this.button.textContent = COPY;
    const words = command.split(/ (?=--)/).flatMap((flag) => [make("span", {}, flag), " "]);
    this.words.replaceChildren(...words.slice(0, -1));
    return this;
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.words.textContent ?? "");
      this.button.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(this.words); // without leave to copy, it is ready for Ctrl+C
      this.button.textContent = "Selected";
    }
  }
}
