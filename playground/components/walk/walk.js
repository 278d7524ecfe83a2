// The Walk tab: three parts over the same chosen models, of which one is on show.

import { contribute } from "../state/link.js";
import { onModels, onTrouble } from "../state/models.js";
import { onSight } from "../ui/canvas.js";
import { chips } from "../ui/choices.js";
import { turn, write } from "../ui/elements.js";
import { explain } from "../ui/hints.js";
import { onTheme } from "../ui/theme.js";
import { films } from "./films.js";
import { samples } from "./samples.js";
import { sums } from "./sums.js";

const NOTES = {
  films: "Below each frame: what a digit classifier takes it for, and a line for how sure it is.",
  samples: "Variational models draw from their prior, the others from a Gaussian fitted to their codes.",
  sums: "What takes b to a, done to c. Click a result to put it on the canvas.",
};

export function mount(element, { props, signal }) {
  const find = (selector) => element.querySelector(selector);
  const chosen = new Set(props.chosen);
  let models = [];
  let parts = null;
  let shown = "films";
  let seen = false;

  const say = (sentence) => write(find(".notice"), sentence || NOTES[shown]);

  // What every part is told: the models in order, where to put words, and where else to go.
  const page = {
    signal,
    say,
    models: () => models.filter(({ name }) => chosen.has(name)),
    walkFrom: (end, grey, words) => {
      parts.films.use(end, grey, words);
      show("films");
    },
  };

  function show(name) {
    shown = name;
    find(`[name=walk-part][value=${name}]`).checked = true;
    for (const part of element.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
    say("");
    sight();
  }

  // Only what can be seen works: the others catch up when they are opened.
  function sight() {
    for (const [name, part] of Object.entries(parts ?? {})) part.seen(seen && name === shown);
  }

  function choose(name, on) {
    if (on) chosen.add(name);
    else chosen.delete(name);
    for (const part of Object.values(parts)) part.choose();
  }

  // Models come and go with the runs of this browser.
  function offer(found) {
    models = found.filter(({ error }) => !error);
    const before = chosen.size;
    for (const name of [...chosen]) if (!models.some((model) => model.name === name)) chosen.delete(name);
    find(".chips").replaceChildren(...chips(found, chosen, choose));
    if (!parts) fill();
    else if (chosen.size < before) for (const part of Object.values(parts)) part.choose();
  }

  function fill() {
    const part = (name) => find(`[data-part=${name}]`);
    parts = {
      films: films(part("films"), page),
      samples: samples(part("samples"), page),
      sums: sums(part("sums"), page),
    };
    for (const radio of element.querySelectorAll("[name=walk-part]")) {
      radio.addEventListener("change", () => show(radio.value));
    }
    say("");
    onTheme(() => Object.values(parts).forEach((each) => each.paint()), signal);
    sight();
    contribute("walk", link);
  }

  const link = {
    read: async () => ({
      part: shown,
      models: page.models().map(({ name }) => name).join(","),
      ...(await parts[shown].read()),
    }),
    apply(said) {
      const wanted = said.names("models", models.map(({ name }) => name));
      for (const box of find(".chips").querySelectorAll("input:enabled")) {
        if (wanted) turn(box, wanted.includes(box.value));
      }
      show(said.choice("part", Object.keys(parts)) ?? shown);
      return parts[shown].apply(said);
    },
  };

  let asked = false;
  onSight(element, (visible) => {
    seen = visible;
    if (seen && !asked) {
      asked = true;
      say("Loading the models.");
      onModels(offer, signal);
    }
    sight();
  }, signal);
  explain(find(".walk-zone"), props.terms, signal);
  onTrouble(say, signal);
  signal.addEventListener("abort", () => parts?.films.seen(false));
}
