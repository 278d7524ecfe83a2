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

// A model's mark: the same shape and colour on chips, cards and in charts.

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

// The choice of models, the same in every tab: those that are chosen, in one line, and a button that
// opens a list of all with what each is.

/**
 * @typedef {{ offer: (models: Model[], chosen: string[]) => void, show: (chosen: string[]) => void }} Picker
 */

let pickers = 0;

// Fills `element`. `choose` hears the names that are chosen from then on; one alone if `single`.
/** @type {(element: HTMLElement, label: string, choose: (names: string[]) => unknown, single?: boolean) => Picker} */
export function picker(element, label, choose, single = false) {
  const id = `models-${++pickers}`;
  const chips = make("div", { className: "chips chosen" });
  const list = make("div", { className: "models-list", id, popover: "auto", ariaLabel: label });
  list.setAttribute("role", single ? "radiogroup" : "group");
  const button = make("button", { type: "button", className: "plain add", popoverTargetElement: list }, single ? "Model" : "+ model");
  button.setAttribute("aria-controls", id);
  button.setAttribute("aria-expanded", "false");
  element.classList.add("picker");
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  element.replaceChildren(chips, button, list);
  /** @type {Model[]} */
  let models = [];
  /** @type {string[]} */
  let chosen = [];

  list.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    place(list, button.getBoundingClientRect());
    const first = /** @type {HTMLInputElement | null} */ (list.querySelector("input:checked") ?? list.querySelector("input:enabled"));
    first?.focus();
  });
  addEventListener("resize", () => list.matches(":popover-open") && list.hidePopover());

  /** @type {(name: string, on: boolean) => void} */
  function pick(name, on) {
    if (single) choose([name]);
    else choose(models.map((each) => each.name).filter((each) => (each === name ? on : chosen.includes(each))));
  }

  /** @type {(model: Model) => HTMLElement} */
  function entry(model) {
    const box = make("input", { type: single ? "radio" : "checkbox", name: id, value: model.name, disabled: Boolean(model.error) });
    box.addEventListener("change", () => pick(model.name, box.checked));
    const words = make("span", { className: "words" }, make("b", {}, model.label), " ", make("small", {}, model.error ?? model.sentence));
    return make("label", {}, box, mark(model), words);
  }

  /** @type {(model: Model) => HTMLElement} */
  function chip(model) {
    const one = make("button", { type: "button", className: "chip", title: model.sentence, value: model.name }, mark(model), model.label);
    if (single) one.addEventListener("click", () => list.showPopover());
    else {
      one.append(make("span", { className: "cross", ariaHidden: "true" }, "×"));
      one.setAttribute("aria-label", `Take ${model.label} away`);
      one.addEventListener("click", () => {
        const next = /** @type {HTMLElement | null} */ (one.nextElementSibling ?? one.previousElementSibling ?? button);
        pick(model.name, false);
        (next?.isConnected ? next : button).focus();
      });
    }
    return one;
  }

  /** @type {Picker["show"]} */
  function show(names) {
    chosen = names;
    const there = models.filter(({ name }) => names.includes(name));
    const shown = [.../** @type {NodeListOf<HTMLButtonElement>} */ (chips.querySelectorAll(".chip"))];
    const kept = new Map(shown.map((each) => [each.value, each]));
    chips.replaceChildren(...there.map((model) => kept.get(model.name) ?? chip(model)));
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (list.querySelectorAll("input:enabled"))) box.checked = names.includes(box.value);
    if (single) write(button, "Another model");
  }

  return {
    offer(found, names) {
      models = found;
      chips.replaceChildren();
      list.replaceChildren(...found.map(entry));
      show(names);
    },
    show,
  };
}

const GAP = 4; // px between the button and its list

// Below the button, and within the window.
/** @type {(list: HTMLElement, box: DOMRect) => void} */
function place(list, box) {
  const { width, height } = list.getBoundingClientRect();
  const below = box.bottom + GAP + height < innerHeight || box.top < innerHeight / 2;
  list.style.left = `${Math.max(GAP, Math.min(box.left, innerWidth - width - GAP))}px`;
  list.style.top = below ? `${box.bottom + GAP}px` : `${Math.max(GAP, box.top - GAP - height)}px`;
  list.style.maxHeight = `${below ? innerHeight - box.bottom - 3 * GAP : box.top - 3 * GAP}px`;
}
