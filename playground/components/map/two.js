// Two numbers: two maps side by side, dragged as one, with the layers that both of them show.

import { pack } from "../engine/bytes.js";
import { readViews } from "../engine/replies.js";
import { ask, newest } from "../engine/wire.js";
import { input, listen } from "../state/input.js";
import { rounded } from "../state/link.js";
import { segments, toggle } from "../ui/choices.js";
import { make, turn } from "../ui/elements.js";
import { verdict } from "../ui/space/verdict.js";
import { onTheme } from "../ui/theme.js";
import { Panel } from "./panel.js";

const WANTED = ["vanilla-2", "vae-2"]; // at first, where they exist
const FAR = 1e6; // as large as a code in a link may be
const LAYERS = [
  ["tiles", "Tiles"],
  ["codes", "Test digits"],
  ["circles", "Prior"],
  ["density", "Density"],
];

export function twoNumbers(facts, terms, signal) {
  const layers = {
    tiles: true, codes: true, circles: false, density: false,
    classes: new Set(facts.classes.keys()), count: 20, spacing: "even",
  };
  const notice = make("p", { className: "notice", role: "status" });
  const judged = make("p", { className: "verdict" });
  const panels = [];
  let seen = true;
  let goal = null; // the place that a link names, until the first map is there

  const repaint = () => panels.forEach((panel) => panel.view && panel.repaint());
  const retile = newest(() => Promise.all(panels.map((panel) => panel.view && panel.retile())).catch(say), () => {});
  const follow = newest(landing, () => {});

  function say(sentence) {
    const words = sentence.message ?? sentence;
    if (notice.textContent !== words) notice.textContent = words;
  }

  // Dragging in one map moves all of them to the same place of their squares.
  function moved(from, { u, v }) {
    for (const panel of panels) {
      if (panel !== from) panel.pad.place(u, v);
      panel.show();
    }
  }

  function loaded() {
    goThere();
    follow();
    const known = panels.map(({ view, facts: { label } }) => view && { ...view, label });
    judged.textContent = known.length === 2 && known.every(Boolean) ? verdict(...known) : "";
  }

  // The visitor's digit lands on the maps.
  async function landing(flight) {
    if (!input.ink) {
      panels.forEach((panel) => panel.follow(null));
      return;
    }
    const { width, height, bytes } = input.ink;
    const names = [...new Set(panels.map(({ name }) => name))];
    try {
      const header = { models: names, noise: input.noise, sample: null, width, height };
      const reply = await ask("live/reconstruct", pack(header, bytes), { signal: flight });
      const { views } = readViews(await reply.arrayBuffer());
      panels.forEach((panel) => panel.follow(views.find(({ name }) => name === panel.name) ?? null));
    } catch (error) {
      if (!flight.aborted) say(error.message);
    }
  }

  function goThere() {
    const [first] = panels;
    if (!goal || !first?.view) return;
    const { x, y } = first.view.scales;
    first.pad.go(x.to(goal[0]), y.to(goal[1]));
    goal = null;
  }

  function read() {
    const [first] = panels;
    return {
      models: panels.map(({ name }) => name).join(","),
      z: first?.view ? first.code().map(rounded).join(",") : null,
      layers: LAYERS.map(([key]) => key).filter((key) => layers[key]).join(","),
      tiles: layers.count,
      spacing: layers.spacing,
      classes: layers.classes.size < facts.classes.length ? [...layers.classes].join(",") : null,
    };
  }

  function apply(link) {
    const names = link.names("models", shared.models.map(({ name }) => name), panels.length);
    names?.forEach((name, i) => turn(panels[i].chooser, name));
    const wanted = link.names("layers", LAYERS.map(([key]) => key));
    if (wanted) LAYERS.forEach(([key], i) => turn(controls.querySelectorAll(".chips input")[i], wanted.includes(key)));
    const shown = link.names("classes", facts.classes.map((_, label) => String(label)));
    keys.querySelectorAll("input").forEach((box, label) => turn(box, !shown || shown.includes(String(label))));
    const count = link.number("tiles", 10, 30, true);
    if (count) turn(controls.querySelector("[type=range]"), String(count));
    const spacing = link.choice("spacing", ["even", "quantiles"]);
    if (spacing) turn(controls.querySelector(`[value=${spacing}]`), true);
    goal = link.numbers("z", 2, -FAR, FAR) ?? goal;
    goThere();
  }

  function space(spacing) {
    const [first] = panels;
    const place = first.view && first.code();
    layers.spacing = spacing;
    panels.forEach((panel) => panel.view && panel.rescale());
    if (place) {
      const { x, y } = first.view.scales;
      first.pad.go(x.to(place[0]), y.to(place[1]));
    }
    retile();
  }

  const controls = make(
    "div",
    { className: "map-controls" },
    make("div", { className: "chips", role: "group", ariaLabel: "Layers" }, ...LAYERS.map(([key, words]) => {
      const chip = toggle(words, layers[key], (on) => {
        layers[key] = on;
        repaint();
      });
      chip.title = terms[`layer-${key}`];
      return chip;
    })),
    tileCount(layers, retile),
    segments("spacing", "Spacing of the map", [["even", "Even"], ["quantiles", "Quantiles"]], space),
  );
  controls.querySelector(".order").title = terms.spacing;

  const shared = { models: [], colours: facts.classes, layers, moved, loaded, say };
  const maps = make("div", { className: "panels" });

  function offer(found) {
    const models = found.filter(({ code }) => code === 2);
    shared.models = models;
    panels.forEach((panel) => panel.offer());
    if (!models.length) say("No model here has a code of two numbers.");
    if (!models.length || panels.length) return;
    const names = WANTED.map((name, i) => (models.find((model) => model.name === name) ?? models[i] ?? models[0]).name);
    panels.push(...names.map((name) => new Panel(shared, name)));
    maps.append(...panels.map((panel) => panel.element));
  }

  offer(facts.models);

  listen((_, changes) => {
    if (seen && ("ink" in changes || "noise" in changes)) follow();
  }, signal);
  onTheme(repaint, signal);
  const keys = legend(facts.classes, layers.classes, repaint);
  const element = make(
    "div",
    { className: "two" },
    keys,
    maps,
    judged,
    notice,
  );

  function sight(now) {
    if (now && !seen) follow();
    seen = now;
  }

  return { element, controls, sight, offer, read, apply };
}

function tileCount(layers, retile) {
  const range = make("input", { type: "range", min: 10, max: 30, value: layers.count, ariaLabel: "Tiles along a side" });
  const output = make("output", { ariaLive: "off" }, `${layers.count} × ${layers.count}`);
  range.addEventListener("input", () => {
    layers.count = Number(range.value);
    output.textContent = `${layers.count} × ${layers.count}`;
    retile();
  });
  return make("label", { className: "count" }, range, output);
}

// One chip a class: its colour, its digit, and whether it is shown.
function legend(colours, shown, repaint) {
  const chips = colours.map((colour, label) => toggle(String(label), true, (on) => {
    if (on) shown.add(label);
    else shown.delete(label);
    repaint();
  }, swatch(colour)));
  const all = make("button", { type: "button", className: "plain" }, "All or none");
  all.addEventListener("click", () => {
    const on = shown.size < colours.length;
    chips.forEach((chip) => {
      const box = chip.querySelector("input");
      if (box.checked !== on) box.click();
    });
  });
  return make("div", { className: "chips classes", role: "group", ariaLabel: "Classes that are shown" }, ...chips, all);
}

function swatch(colour) {
  const dot = make("span", { className: "swatch" });
  dot.style.background = colour;
  return dot;
}
