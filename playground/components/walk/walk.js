// The Walk tab: three parts over the same chosen models, of which one is on show.

import { onModels, silence } from "../state/models.js";
import { signal, watch } from "../state/signals.js";
import { onSight, onTheme } from "../ui/canvas.js";
import { picker, tieRadios } from "../ui/choices.js";
import { write } from "../ui/elements.js";
import { foldButton } from "../ui/fold.js";
import { films } from "./films.js";
import { samples } from "./samples.js";
import { sums } from "./sums.js";

const NOTES = {
  films: "Below each frame: its digit, × if it is none, and a line that falls the farther it is from real digits.",
  samples: "Variational models draw from their prior, the others from a Gaussian fitted to their codes.",
  sums: "What takes b to a, done to c. Click a result to put it on the canvas.",
};

export function mount(element, { props, signal: life }) {
  const find = (selector) => element.querySelector(selector);
  const chosen = signal(props.chosen); // names
  const shown = signal(find(".controls .order :checked").value); // a visitor may be quicker than this
  const choice = picker(find(".choice"), "Models to draw with", (names) => (chosen.value = names));
  const part = (name) => find(`[data-part=${name}]`);
  let models = [];
  let parts = null;
  let seen = false;
  let declare = null; // hears what a link says of this tab

  const say = (sentence) => write(find(".notice"), sentence || NOTES[shown.value]);

  // What every part is told: the models in order, where to put words, and where else to go.
  const page = {
    life,
    say,
    models: () => models.filter(({ name }) => chosen.value.includes(name)),
    walkFrom: (end, grey, words) => {
      parts.films.use(end, grey, words);
      shown.value = "films";
    },
  };

  function show(name) {
    for (const each of element.querySelectorAll("[data-part]")) each.hidden = each.dataset.part !== name;
    say("");
    sight();
  }

  // Only what can be seen works: the others catch up when they are opened.
  function sight() {
    for (const [name, each] of Object.entries(parts ?? {})) each.seen(seen && name === shown.value);
  }

  // Models come and go with the runs of this browser.
  function offer(found) {
    models = found.filter(({ error }) => !error);
    const there = chosen.value.filter((name) => models.some((model) => model.name === name));
    if (there.length < chosen.value.length) chosen.value = there;
    choice.offer(found, there);
    if (!parts) fill();
  }

  function fill() {
    parts = {
      films: films(part("films"), page),
      samples: samples(part("samples"), page),
      sums: sums(part("sums"), page),
    };
    watch(() => shown.value, show, life);
    watch(() => chosen.value, (names) => {
      choice.show(names);
      for (const each of Object.values(parts)) each.choose();
    }, life);
    onTheme(() => Object.values(parts).forEach((each) => each.paint()), life);
    declare([
      { name: "part", kind: "choice", names: Object.keys(parts), state: shown },
      { name: "models", kind: "names", names: () => models.map(({ name }) => name), get: () => page.models().map(({ name }) => name), set: (names) => (chosen.value = names), then: () => parts[shown.value].table() },
    ]);
  }

  const fold = foldButton(find(".walk-zone"), "Settings");
  find(".controls .order").after(fold);
  watch(() => shown.value, (key) => (fold.disabled = !part(key).querySelector(".folds")), life);
  tieRadios(find(".controls .order"), shown, life);
  let asked = false;
  onSight(element, (visible) => {
    seen = visible;
    if (seen && !asked) {
      asked = true;
      say("Loading the models.");
      onModels(offer, life);
    }
    sight();
  }, life);
  watch(() => silence.value, (sentence) => sentence && say(sentence), life);
  life.addEventListener("abort", () => parts?.films.seen(false));
  return new Promise((resolve) => (declare = resolve));
}
