// The ten classes with their colours: each can be hidden.

// One toggle a class. `changed` hears a list that says for each class whether it is hidden.
export class Legend {
  constructor(element, colours, changed) {
    this.hidden = colours.map(() => false);
    this.changed = changed;
    this.buttons = colours.map((colour, name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "class";
      button.setAttribute("aria-pressed", "true");
      button.setAttribute("aria-label", `Show the digits of class ${name}`);
      button.title = `Hide or show the ${name}s; double-click to see them alone`;
      const dot = document.createElement("span");
      dot.className = "dot";
      dot.style.background = colour;
      button.append(dot, String(name));
      button.addEventListener("click", () => this.toggle(name));
      button.addEventListener("dblclick", () => this.only(name));
      return button;
    });
    this.all = document.createElement("button");
    this.all.type = "button";
    this.all.className = "plain all";
    this.all.textContent = "All";
    this.all.addEventListener("click", () => this.set(this.hidden.map(() => false)));
    element.append(...this.buttons, this.all);
    this.set(this.hidden);
  }

  toggle(name) {
    this.set(this.hidden.with(name, !this.hidden[name]));
  }

  only(name) {
    this.set(this.hidden.map((_, other) => other !== name));
  }

  set(hidden) {
    this.hidden = hidden;
    this.buttons.forEach((button, name) => button.setAttribute("aria-pressed", String(!hidden[name])));
    this.all.disabled = !hidden.includes(true);
    this.changed(hidden);
  }
}
