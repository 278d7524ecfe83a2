// The Train tab of a static site: what the app would do here, and the command that starts it.

import { signal, watch } from "../state/signals.js";
import { inApp, ofApp } from "../ui/app.js";
import { make } from "../ui/elements.js";

const NOT_HERE = "Training needs the app.";
const OTHERS = ["model", "numbers", "beta", "advanced", "open"]; // what a link says to the app

// Fills the zone, and gives what a link says of it.
export async function showAbsence(zone, life) {
  const [words, { experiments, texts }] = await Promise.all([inApp("train"), ofApp()]);
  const chosen = signal(null);
  const cards = experiments.map(({ key, name, sentence }) => (
    make("article", { className: "case", dataset: { key } }, make("b", {}, name), make("span", {}, sentence))
  ));
  const list = make("section", { className: "experiments", ariaLabel: "Experiments in the app" }, make("h3", {}, "Experiments in the app"), make("div", { className: "cases" }, ...cards));
  watch(() => chosen.value, (key) => {
    for (const card of cards) card.ariaCurrent = card.dataset.key === key ? "true" : null;
  }, life);
  const api = make("section", { className: "text", ariaLabel: "For programs" });
  api.innerHTML = texts.api; // our own text, as HTML
  zone.replaceChildren(words, bring(), list, api);
  return [
    { name: "experiment", kind: "choice", names: experiments.map(({ key }) => key), default: null, state: chosen },
    ...OTHERS.map((name) => ({ name, kind: "text", default: null, get: () => null, set: (text, complain) => text && complain(NOT_HERE) })),
  ];
}

// For those who cannot drop it: page/header.js hears of what is chosen.
function bring() {
  const field = make("input", { type: "file", accept: ".safetensors", dataset: { takes: "checkpoint" } });
  return make("label", { className: "bring-checkpoint" }, make("span", {}, "A checkpoint of your own, to use in this page"), field);
}
