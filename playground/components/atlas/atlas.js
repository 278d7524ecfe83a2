// Atlas: where thousands of digits lie in a model's latent space.

import { explain } from "../page/hints.js";
import { putOnCanvas } from "../page/inkwell.js";
import { mark } from "../page/mark.js";
import { newest } from "../page/newest.js";
import { about, input, listen } from "../page/page.js";
import { onSight } from "../page/sight.js";
import { choices, modelChips } from "./chooser.js";
import { Drawn, placeDrawing } from "./drawn.js";
import { Found } from "./found.js";
import { Legend } from "./legend.js";
import { fetchMap, readFrame } from "./maps.js";
import { Panel } from "./panel.js";
import { Pictures } from "./pictures.js";
import { Run } from "./run.js";
import { search, strangers } from "./search.js";

const FIRST = "vae-20";
const RUN = "run"; // the view of what t-SNE made in the page
const PIXELS = "pixels";
const GLIDE = 700; // ms from one kind of map to another
const VIEWS = { tsne: "t-SNE", tsne3: "t-SNE 3-D", pca: "PCA", pca3: "PCA 3-D", code: "Code", [RUN]: "Your run" };
const METHODS = { tsne: "t-SNE", tsne3: "t-SNE", pca: "principal components", pca3: "principal components", code: "the code itself", [RUN]: "t-SNE" };

export function mount(element, { props }) {
  const find = (selector) => element.querySelector(selector);
  let opened = false;
  explain(find(".atlas-zone"), props.terms);
  onSight(element, (seen) => {
    if (!seen || opened) return;
    opened = true;
    about().then((facts) => new Atlas(find, facts));
  });
}

class Atlas {
  constructor(find, { models, classes }) {
    this.find = find;
    this.classes = classes;
    this.models = models;
    this.maps = new Map(); // "model view" -> what the server sent
    this.atlasLabels = new Map(); // atlas -> the class of each of its digits
    this.pictures = new Map(); // model -> Pictures
    this.results = {}; // atlas -> the last frame of the run, while it is of this model
    this.picked = null;
    this.turn = 0;
    const good = models.filter(({ error }) => !error);
    this.model = good.find(({ name }) => name === FIRST) ?? good[0];
    if (!this.model) {
      this.say("There is no model to show.");
      return;
    }
    this.build();
    this.choose(this.model.name);
  }

  build() {
    const { find, classes } = this;
    find(".chips").append(...modelChips(this.models, this.model.name, (name) => this.choose(name)));
    const calls = {
      hover: (panel, index) => this.hover(panel, index),
      choose: (_, index) => this.toCanvas(index),
      pick: (_, indices) => this.pick(indices, picked(indices.length)),
      clear: () => this.pick(null),
    };
    const panel = (name) => new Panel(find(".map-template"), classes, name, calls);
    this.main = panel("codes");
    this.beside = panel(PIXELS);
    find(".maps").append(this.main.element, this.beside.element);
    const go = { goTo: (index) => this.goTo(index), look: (index) => this.look(index) };
    this.drawn = new Drawn(find(".drawn"), classes, go);
    this.found = new Found(find(".found"), classes, { ...go, clear: () => this.pick(null) });
    this.legend = new Legend(find(".classes"), classes, (hidden) => this.both((each) => each.scatter.hide(hidden)));
    search(find(".search"), classes, (own, theirs) => this.search(own, theirs));
    this.run = new Run(find(".tsne"), {
      begin: (count) => this.beginRun(count),
      frame: (message, duration) => this.frame(message, duration),
      end: () => this.endRun(),
    });
    find("[name=beside]").addEventListener("change", () => this.showBeside());
    find("[data-do=panel]").addEventListener("click", () => this.openForm());
    for (const button of find(".tools-of-maps").children) {
      button.addEventListener("click", () => this.use(button.dataset.tool));
    }
    this.use(matchMedia("(pointer: coarse)").matches ? "" : "move");
    this.place = newest(() => this.placeNow(), () => {});
    listen((_, changes) => ("ink" in changes || "noise" in changes) && this.place());
    this.pick(null);
  }

  both(act) {
    act(this.main);
    act(this.beside);
  }

  // The model and the kind of map.

  async choose(name) {
    this.model = this.models.find((model) => model.name === name);
    this.results = {};
    this.view = null;
    await this.load();
  }

  async load(view = null, duration = 0) {
    const turn = ++this.turn;
    const { name } = this.model;
    const waiting = setTimeout(() => this.say("Loading the map."), 300);
    try {
      const main = await this.mapOf(name, view);
      const beside = main.pixels ? await this.mapOf(PIXELS, twin(main.view)) : null;
      if (turn !== this.turn) return;
      this.say("");
      const fresh = this.view === null;
      this.view = main.view;
      this.sizeOfAtlas = main.count;
      this.hasPixels = Boolean(beside);
      this.show(main, beside, duration);
      if (fresh) this.run.offer(this.atlases, Math.min(main.count, beside?.count ?? main.count));
      this.offerViews(main.views);
      this.place();
    } catch (error) {
      if (turn === this.turn) this.say(error.message);
    } finally {
      clearTimeout(waiting);
    }
  }

  async mapOf(name, view) {
    const key = `${name} ${view}`;
    if (!this.maps.has(key)) {
      const map = await fetchMap(name, view);
      this.maps.set(key, map);
      this.maps.set(`${name} ${map.view}`, map);
      this.atlasLabels.set(name, map.labels);
    }
    return this.maps.get(key);
  }

  get atlases() {
    return this.hasPixels && this.find("[name=beside]").checked ? [this.model.name, PIXELS] : [this.model.name];
  }

  offerViews(views) {
    const names = this.results[this.model.name] ? [...views, RUN] : views;
    const entries = names.map((view) => [view, VIEWS[view]]);
    this.views = views;
    this.find(".views").replaceChildren(...choices("atlas-view", entries, this.view, (view) => this.showView(view)));
  }

  showView(view) {
    if (view === RUN) {
      this.view = RUN;
      this.showRun(GLIDE);
    } else {
      this.load(view, GLIDE);
    }
  }

  show(main, beside, duration) {
    const { model } = this;
    const kept = this.main.shown?.model === main.model && this.main.shown?.count === main.count;
    this.main.show(main, {
      title: [mark(model), model.label],
      what: described(main, METHODS[this.view], `a code of ${model.code} numbers`),
      pictures: this.picturesOf(model.name),
      duration,
    });
    if (beside) {
      this.beside.show(beside, {
        title: ["Raw pixels"],
        what: described(beside, METHODS[this.view === RUN ? RUN : beside.view], "784 pixels"),
        pictures: this.picturesOf(model.name),
        duration,
      });
    }
    this.showBeside();
    if (!kept) this.pick(null);
    this.both(({ scatter }) => scatter.pick(this.picked));
  }

  showBeside() {
    const shown = this.hasPixels && this.find("[name=beside]").checked;
    this.find(".beside").hidden = !this.hasPixels;
    this.beside.element.hidden = !shown;
    this.find(".maps").classList.toggle("alone", !shown);
    this.run.atlases = this.atlases;
  }

  picturesOf(name) {
    if (!this.pictures.has(name)) {
      const arrived = () => this.model.name === name && this.arrived();
      this.pictures.set(name, new Pictures(name, arrived, (error) => this.say(error.message)));
    }
    return this.pictures.get(name);
  }

  arrived() {
    this.both((panel) => panel.paintBubble());
    this.found.paintGallery();
    this.drawn.paint();
  }

  // What the visitor points at, takes and picks.

  hover(panel, index) {
    const other = panel === this.main ? this.beside : this.main;
    other.scatter.point(index);
    panel.showBubble(true);
    other.showBubble(false);
    if (index >= 0) this.tell(`A ${panel.shown.labels[index]}, number ${index + 1} of ${panel.shown.count}.`);
  }

  // A picture below the maps is pointed at: the rings show where it lies.
  look(index) {
    this.both((panel) => {
      panel.scatter.point(index);
      panel.showBubble(false);
    });
  }

  goTo(index) {
    this.beside.scatter.goTo(index);
    this.main.scatter.goTo(index);
    this.main.element.scrollIntoView({ block: "nearest" });
  }

  async toCanvas(index) {
    try {
      const pictures = this.picturesOf(this.model.name);
      const grey = await pictures.one(index);
      const label = this.main.shown.labels[index];
      putOnCanvas(grey, Math.sqrt(grey.length), `A ${label} from the atlas, as ${this.model.label} draws it.`);
    } catch (error) {
      this.say(error.message);
    }
  }

  pick(indices, sentence = "Draw around digits with the lasso, or look for digits among strangers.") {
    this.picked = indices;
    this.both(({ scatter }) => scatter.pick(indices));
    this.found.show(indices, sentence, this.main.shown, this.picturesOf(this.model.name));
  }

  search(own, theirs) {
    const map = this.main.shown;
    if (!map?.majority) {
      this.say("The map has to be finished before its neighbours can be compared.");
      return;
    }
    const found = strangers(map, own, theirs);
    const among = theirs === null ? "any others" : `${theirs}s`;
    this.pick(found, `${found.length} of the ${own}s sit among ${among} on this map`);
  }

  use(tool) {
    const next = tool === this.tool && matchMedia("(pointer: coarse)").matches ? "" : tool;
    this.tool = next;
    for (const button of this.find(".tools-of-maps").children) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === next));
    }
    this.find(".maps").dataset.tool = next;
    this.both(({ scatter }) => (scatter.tool = next));
  }

  // The drawing.

  async placeNow() {
    const map = this.main.shown;
    if (!map || input.trouble) return;
    try {
      const placed = await placeDrawing(this.model.name, map.count);
      this.drawn.show(placed, this.picturesOf(this.model.name));
      this.main.scatter.settle(placed && { indices: placed.indices, weights: placed.weights });
      // Raw pixels have no encoder: there the five neighbours are shown, and no place.
      this.beside.scatter.settle(placed && { indices: placed.indices, weights: null });
    } catch (error) {
      this.say(error.message);
    }
  }

  // t-SNE in the page.

  openForm() {
    const form = this.find(".tsne");
    form.hidden = !form.hidden;
    this.find("[data-do=panel]").setAttribute("aria-expanded", String(!form.hidden));
  }

  beginRun(count) {
    this.results = {};
    this.count = count;
    this.view = RUN;
    this.offered = false;
  }

  frame(message, duration) {
    const { atlas } = message.header;
    const labels = this.atlasLabels.get(atlas).slice(0, this.count);
    this.results[atlas] = { ...readFrame(message, labels), model: atlas };
    if (!this.offered) {
      this.offered = true;
      this.offerViews(this.views);
    }
    if (this.view === RUN && this.run.atlases.at(-1) === atlas) this.showRun(duration);
    if (this.view === RUN && message.header.iteration === 0) this.place();
  }

  showRun(duration) {
    this.show(this.results[this.model.name], this.results[PIXELS] ?? null, duration);
  }

  endRun() {
    if (this.view === RUN && !this.results[this.model.name]) this.load();
    else this.place();
  }

  say(sentence) {
    this.find(".notice").textContent = sentence;
  }

  tell(sentence) {
    this.find(".spoken").textContent = sentence;
  }
}

// The map of the raw pixels that goes with a model's: a code of two numbers has none like it.
function twin(view) {
  return view === "code" ? "tsne" : view;
}

function described(map, method, source) {
  const count = map.count.toLocaleString("en-GB");
  return `${count} test digits, ${source}, ${method === "the code itself" ? "as they are" : `by ${method}`}`;
}

function picked(count) {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? "digit" : "digits"} picked`;
}
