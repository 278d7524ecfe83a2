// Controls to choose with.

import { watch } from "../state/signals.js";
import { make, write } from "./elements.js";

/**
 * @import { Model } from "../state/models.js"
 * @import { Signal } from "../state/signals.js"
 */

// One of a few, side by side: `choose` hears the value that was picked.
/** @type {(name: string, label: string, options: string[][], choose?: (value: string) => unknown) => HTMLFieldSetElement} */
export function segments(name, label, options, choose = () => {}) {
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
/** @type {(words: string, checked: boolean, change: (checked: boolean) => unknown, ...before: Node[]) => HTMLLabelElement} */
export function toggle(words, checked, change, ...before) {
  const box = make("input", { type: "checkbox", checked });
  box.addEventListener("change", () => change(box.checked));
  return make("label", { className: "chip" }, box, ...before, words);
}

// A chooser among models, in words.
/** @type {(label: string, models: Model[], chosen: string, choose: (name: string) => unknown) => HTMLSelectElement} */
export function chooser(label, models, chosen, choose) {
  const select = make("select");
  select.setAttribute("aria-label", label);
  offer(select, models, chosen);
  select.addEventListener("change", () => choose(select.value));
  return select;
}

// Other models in a chooser. If the chosen one is not among them, it is the first; its name.
/** @type {(select: HTMLSelectElement, models: Model[], chosen: string) => string} */
export function offer(select, models, chosen) {
  const there = models.some(({ name }) => name === chosen);
  select.replaceChildren(...models.map((model) => new Option(model.label, model.name)));
  select.value = there ? chosen : (models[0]?.name ?? "");
  return select.value;
}

// One check box a model, all in a row.
/** @type {(models: Model[], chosen: Set<string>, choose: (name: string, on: boolean) => unknown) => HTMLLabelElement[]} */
export function chips(models, chosen, choose) {
  return models.map((model) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = model.name;
    box.checked = !model.error && chosen.has(model.name);
    box.disabled = Boolean(model.error);
    box.addEventListener("change", () => choose(model.name, box.checked));
    const chip = document.createElement("label");
    chip.className = "chip";
    chip.title = model.error ?? model.sentence;
    chip.append(box, mark(model), model.label);
    return chip;
  });
}

// A model's mark: the same shape and colour on chips, cards and in the plot.

const SVG = "http://www.w3.org/2000/svg";

/** @type {(facts: Pick<Model, "mark" | "colour" | "hollow">) => SVGSVGElement} */
export function mark({ mark: path, colour, hollow }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-1.3 -1.3 2.6 2.6");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill", hollow ? "none" : colour);
  shape.setAttribute("stroke", colour);
  shape.setAttribute("stroke-width", hollow ? "0.35" : "0.1");
  svg.append(shape);
  return svg;
}

// Controls tied to a signal: what is picked becomes its value, and its value is what they show,
// until `life` is aborted.

/** @type {(group: Element, state: Signal<string>, life: AbortSignal) => void} */
export function tieRadios(group, state, life) {
  const radios = /** @type {HTMLInputElement[]} */ ([...group.querySelectorAll("input[type=radio]")]);
  for (const radio of radios) radio.addEventListener("change", () => (state.value = radio.value), { signal: life });
  watch(() => state.value, (value) => radios.forEach((radio) => (radio.checked = radio.value === value)), life);
}

/** @type {(box: HTMLInputElement, state: Signal<boolean>, life: AbortSignal) => void} */
export function tieBox(box, state, life) {
  box.addEventListener("change", () => (state.value = box.checked), { signal: life });
  watch(() => state.value, (on) => (box.checked = on), life);
}

// A slider, with its value in words in `output`.
/** @type {(range: HTMLInputElement, state: Signal<number>, output: Element | null, words: (value: number) => string, life: AbortSignal) => void} */
export function tieRange(range, state, output, words, life) {
  range.addEventListener("input", () => (state.value = Number(range.value)), { signal: life });
  watch(() => state.value, (value) => {
    if (Number(range.value) !== value) range.value = String(value);
    if (output) write(output, words(value));
  }, life);
}
