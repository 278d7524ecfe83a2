// Elements in one line each.

// A new element with these properties; `dataset` and `hidden` work as on elements.
export function make(tag, { dataset, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

// One of a few, side by side: `choose` hears the value that was picked.
export function segments(name, label, options, choose) {
  const group = make("fieldset", { className: "order" });
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", label);
  options.forEach(([value, words], i) => {
    const radio = make("input", { type: "radio", name, value, checked: i === 0 });
    radio.addEventListener("change", () => choose(value));
    group.append(make("label", {}, radio, make("span", {}, words)));
  });
  return group;
}

// A check box in the form of a chip; `before` stands in front of its words.
export function toggle(words, checked, change, ...before) {
  const box = make("input", { type: "checkbox", checked });
  box.addEventListener("change", () => change(box.checked));
  return make("label", { className: "chip" }, box, ...before, words);
}

// A row of a list of numbers: what it is, and a cell for its value.
export function row(term, words) {
  const cell = make("dd", {}, "–");
  const element = make("div", { tabIndex: 0, dataset: { term } }, make("dt", {}, words), cell);
  return { element, cell };
}

// A chooser among models, in words.
export function chooser(label, models, chosen, choose) {
  const select = make("select");
  select.setAttribute("aria-label", label);
  offer(select, models, chosen);
  select.addEventListener("change", () => choose(select.value));
  return select;
}

// Other models in a chooser. If the chosen one is not among them, it is the first; its name.
export function offer(select, models, chosen) {
  const there = models.some(({ name }) => name === chosen);
  select.replaceChildren(...models.map((model) => new Option(model.label, model.name)));
  select.value = there ? chosen : (models[0]?.name ?? "");
  return select.value;
}
