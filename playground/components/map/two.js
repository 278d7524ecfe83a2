// Two numbers: two maps side by side, dragged as one, with the layers that both of them show.

import { trouble, views, want } from "../state/input.js";
import { computed, onFrame, signal, watch } from "../state/signals.js";
import { onTheme } from "../ui/canvas.js";
import { segments, tieRadios, tieRange, toggle } from "../ui/choices.js";
import { download, make } from "../ui/elements.js";
import { entitle } from "../ui/hints.js";
import { verdict } from "../ui/space/verdict.js";
import { Panel } from "./panel.js";
import { nameOf, picture } from "./save.js";
import { dartsAt } from "./throw.js";

const WANTED = ["plain-2", "vae-2"]; // at first, where they exist
const FAR = 1e6; // as large as a code in a link may be
const LAYERS = [
  ["tiles", "Tiles"],
  ["nonsense", "Is it a digit?"],
  ["codes", "Test digits"],
  ["circles", "Prior"],
  ["density", "Density"],
];

export function twoNumbers(facts, life) {
  const all = facts.classes.map((_, label) => String(label));
  const on = signal(["tiles", "codes"]); // the layers that are shown
  const classes = signal(all); // and the classes
  const count = signal(20); // tiles along a side
  const spacing = signal("even");
  const layers = computed(() => ({
    ...Object.fromEntries(LAYERS.map(([key]) => [key, on.value.includes(key)])),
    classes: new Set(classes.value.map(Number)), count: count.value, spacing: spacing.value,
  }));
  const notice = make("p", { className: "notice", role: "status" });
  const judged = make("p", { className: "verdict" });
  const panels = [];
  let seen = true;
  let goal = null; // the place that a link names, until the first map is there
  let moves = false; // whether the visitor, or a link, has moved the point; until then it is at the digit
  let every = []; // all models, also longer ones

  const repaint = () => panels.forEach((panel) => panel.view && panel.repaint());
  const retile = () => panels.forEach((panel) => panel.retile());

  function say(sentence) {
    const words = sentence.message ?? sentence;
    if (notice.textContent !== words) notice.textContent = words;
  }

  // Dragging in one map moves all of them to the same place of their squares.
  function moved(from, { u, v }) {
    moves = true;
    for (const panel of panels) {
      if (panel !== from) panel.pad.place(u, v);
      panel.show();
    }
  }

  function loaded() {
    goThere();
    follow();
    dartboard.changed();
    const known = panels.map(({ view, facts: { label } }) => view && { ...view, label });
    judged.textContent = known.length === 2 && known.every(Boolean) ? verdict(...known) : "";
  }

  // The visitor's digit lands on the maps.
  function follow() {
    want(panels, seen ? panels.map(({ name }) => name) : null);
    for (const panel of panels) {
      panel.follow(views.value.get(panel.name) ?? null);
      if (!moves) panel.goToDigit();
    }
  }

  function goThere() {
    const [first] = panels;
    if (!goal || !first?.view) return;
    const { x, y } = first.view.scales;
    first.pad.go(x.to(goal[0]), y.to(goal[1]));
    goal = null;
  }

  function space() {
    const [first] = panels;
    const place = moves && first?.view && first.code(); // else it is at the digit, and stays there
    panels.forEach((panel) => panel.view && panel.rescale());
    if (place) {
      const { x, y } = first.view.scales;
      first.pad.go(x.to(place[0]), y.to(place[1]));
    } else follow();
    retile();
  }

  const chips = LAYERS.map(([key, words]) => tied(words, key, on, LAYERS.map(([name]) => name), life));
  chips.forEach((chip, i) => entitle(chip, `layer-${LAYERS[i][0]}`));
  const spacings = segments("spacing", "Spacing of the map", [["even", "Even"], ["quantiles", "Quantiles"]]);
  tieRadios(spacings, spacing, life);
  const controls = make(
    "div",
    { className: "map-controls folds" },
    make("div", { className: "chips", role: "group", ariaLabel: "Layers" }, ...chips),
    tileCount(count, life),
    spacings,
  );
  entitle(controls.querySelector(".order"), "spacing");

  const dartboard = dartsAt(() => panels.map(({ name }) => name), () => every, {
    say, life, hit: (name, darts) => panels.forEach((panel) => panel.name === name && panel.hit(darts)),
  });
  const save = make("button", { type: "button", className: "plain save", title: "Both maps as a PNG, all tiles whole" }, "Save picture");
  save.addEventListener("click", async () => {
    await Promise.all(panels.map((panel) => panel.tiled()));
    const { value } = layers;
    download(await picture(panels, value), nameOf(panels, value), "image/png");
  });
  controls.append(dartboard.button);

  const shared = { models: [], colours: facts.classes, layers: () => layers.value, moved, loaded, say };
  const maps = make("div", { className: "panels" });

  function offer(found) {
    const models = found.filter(({ code }) => code === 2);
    every = found.filter(({ error }) => !error);
    shared.models = models;
    panels.forEach((panel) => panel.offer());
    if (!models.length) say("No model here has a code of two numbers.");
    if (!models.length || panels.length) return;
    const names = WANTED.map((name, i) => (models.find((model) => model.name === name) ?? models[i] ?? models[0]).name);
    panels.push(...names.map((name) => new Panel(shared, name)));
    maps.append(...panels.map((panel) => panel.element));
  }

  offer(facts.models);

  onFrame(() => views.value, () => seen && follow(), life);
  onFrame(() => trouble.value, (sentence) => seen && say(sentence), life);
  life.addEventListener("abort", () => want(panels, null));
  onTheme(repaint, life);
  watch(() => [on.value, classes.value], repaint, life);
  watch(() => count.value, retile, life);
  watch(() => spacing.value, space, life);
  const keys = legend(facts.classes, classes, all, life);
  const element = make(
    "div",
    { className: "two" },
    keys,
    maps,
    save,
    judged,
    notice,
    dartboard.element,
  );

  function sight(now) {
    const turned = now !== seen;
    seen = now;
    if (turned) follow();
  }

  const table = [
    { name: "models", kind: "names", names: () => shared.models.map(({ name }) => name), most: () => panels.length, get: () => panels.map(({ name }) => name), set: choose },
    // A point that nobody has moved is at the digit on each map, which one place cannot say.
    { name: "z", kind: "numbers", count: 2, range: [-FAR, FAR], default: null, get: () => (moves && panels[0]?.view ? panels[0].code() : goal), set: go },
    { name: "layers", kind: "names", names: LAYERS.map(([key]) => key), state: on },
    { name: "tiles", kind: "whole", range: [10, 30], state: count },
    { name: "spacing", kind: "choice", names: ["even", "quantiles"], state: spacing },
    dartboard.entry,
    { name: "classes", kind: "names", names: all, default: all, state: classes },
  ];

  function choose(names) {
    names.forEach((name, i) => panels[i].choose(name));
  }

  function go(place) {
    goal = place;
    moves = place !== null;
    if (moves) goThere();
    else follow();
  }

  return { element, controls, sight, offer, table };
}

function tileCount(count, life) {
  const range = make("input", { type: "range", min: 10, max: 30, ariaLabel: "Tiles along a side" });
  const output = make("output", { ariaLive: "off" });
  tieRange(range, count, output, (tiles) => `${tiles} × ${tiles}`, life);
  return make("label", { className: "count" }, range, output);
}

// A chip that says whether `key` is in the list `state`, which stays in the order of `all`.
function tied(words, key, state, all, life, ...before) {
  const chip = toggle(words, true, (on) => {
    state.value = all.filter((each) => (each === key ? on : state.value.includes(each)));
  }, ...before);
  watch(() => state.value.includes(key), (on) => (chip.querySelector("input").checked = on), life);
  return chip;
}

// One chip a class: its colour, its digit, and whether it is shown.
function legend(colours, shown, all, life) {
  const chips = all.map((label, i) => tied(label, label, shown, all, life, swatch(colours[i])));
  const button = make("button", { type: "button", className: "plain" }, "All or none");
  button.addEventListener("click", () => (shown.value = shown.value.length < all.length ? all : []));
  return make("div", { className: "chips classes folds", role: "group", ariaLabel: "Classes that are shown" }, ...chips, button);
}

function swatch(colour) {
  const dot = make("span", { className: "swatch" });
  dot.style.background = colour;
  return dot;
}
