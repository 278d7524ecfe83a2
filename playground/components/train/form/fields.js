// What the form asks for: the settings by name, what they are called, and where they start.

import { make } from "../../ui/elements.js";

export const START = { model: "vae", options: { latent_dim: 2 }, dataset: "digits", large: "mnist" };
export const PACE = { few: { epochs: 60, batch_size: 64 }, many: { epochs: 10, batch_size: 256 } };
export const FEW = 5000; // images from which on fewer epochs do
export const OPTIONS = {
  latent_dim: "How many numbers?",
  width: "Width",
  depth: "Depth",
  sparsity: "Sparsity",
};
export const SETTINGS = {
  beta: "Beta: how dear is the code?",
  noise_max: "Noise, most",
  learning_rate: "Learning rate",
  batch_size: "Batch",
  epochs: "Epochs",
  seed: "Seed",
};
export const RARE = { weight_decay: "Weight decay", clip: "Clip at", jitter: "Jitter", precision: "Precision" };
export const LIKELIHOODS = { bernoulli: "Bernoulli", gaussian: "Gaussian" };

// What the form calls an option that it has no words for: "commitment_cost" is "Commitment cost".
/** @type {(option: string) => string} */
export const titled = (option) => option.charAt(0).toUpperCase() + option.slice(1).replaceAll("_", " ");

// One line of the form each: what is chosen, and where to choose it.

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
