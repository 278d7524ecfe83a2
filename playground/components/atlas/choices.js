// Kinds of map as a row of buttons.

// One radio button an entry of `names`, [value, words] each.
export function choices(group, names, chosen, choose) {
  return names.map(([value, words]) => {
    const span = document.createElement("span");
    span.textContent = words;
    const label = document.createElement("label");
    label.append(radio(group, value, value === chosen, choose), span);
    return label;
  });
}

function radio(group, value, checked, choose) {
  const box = document.createElement("input");
  box.type = "radio";
  box.name = group;
  box.value = value;
  box.checked = checked;
  box.addEventListener("change", () => choose(value));
  return box;
}

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

// The search for strangers: digits of one class whose neighbours are of another.

export function search(element, classes, asked) {
  const [own, theirs] = element.querySelectorAll("select");
  const names = classes.map((_, name) => name);
  own.append(...names.map((name) => new Option(`${name}s`, name, name === 4, name === 4)));
  theirs.append(new Option("any others", "any"));
  theirs.append(...names.map((name) => new Option(`${name}s`, name, name === 9, name === 9)));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    asked(Number(own.value), theirs.value === "any" ? null : Number(theirs.value));
  });
}

// The digits of class `own` most of whose neighbours are of class `theirs`; null is any other.
export function strangers({ labels, majority }, own, theirs) {
  const found = [];
  labels.forEach((label, i) => {
    if (label !== own || majority[i] === own) return;
    if (theirs === null || majority[i] === theirs) found.push(i);
  });
  return found;
}
