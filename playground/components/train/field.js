// One line of the form each: what is chosen, and where to choose it.

import { make } from "../ui/make.js";

// A choice among [value, words] pairs.
export function choice(name, words, pairs, term) {
  const select = make("select", { name }, ...pairs.map(([value, label]) => new Option(label, value)));
  return lineOf(words, select, term);
}

// A number, or whatever else was typed: the server says what is wrong with it.
export function number(name, words, term) {
  const input = make("input", { name, type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
  return lineOf(words, input, term);
}

// Words.
export function typed(name, words, term) {
  return lineOf(words, make("input", { name, type: "text", autocomplete: "off", spellcheck: false, maxLength: 40 }), term);
}

function lineOf(words, control, term) {
  control.setAttribute("aria-label", words);
  if (term) control.dataset.term = term;
  const label = make("span", { dataset: term ? { term } : {} }, words);
  const element = make("label", { className: "line" }, label, control);
  return { element, control };
}

// What stands in a field for numbers, as a number if it is one.
export function read(control) {
  const text = control.value.trim();
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function write(control, value) {
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  if (control.tagName === "SELECT" && ![...control.options].some((option) => option.value === text)) {
    control.append(new Option(text, text));
  }
  control.value = text;
}
