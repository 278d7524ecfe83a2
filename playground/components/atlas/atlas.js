// Atlas: where thousands of digits lie in a model's latent space.

import { newest } from "../engine/wire.js";
import { noisyDigit } from "../state/input.js";
import { about, onModels } from "../state/models.js";
import { onFrame, signal, watch } from "../state/signals.js";
import { onSight } from "../ui/canvas.js";
import { mark, picker, tieBox } from "../ui/choices.js";
import { Legend, choices, search } from "./choices.js";
import { placeDrawing } from "./drawn.js";
import { atlasTable } from "./link.js";
import { fetchMap, readFrame } from "./maps.js";
import { Run } from "./run.js";
import { Stage } from "./stage.js";

const FIRST = "vae-20";
const PIXELS = "pixels";
const RUN = "run"; // the view of what t-SNE made in the page
const GLIDE = 700; // ms from one kind of map to another
const PATIENCE = 300; // ms of silence before the page says that it is waiting

const VIEWS = {
  tsne: { words: "t-SNE", method: "by t-SNE" },
  tsne3: { words: "t-SNE 3-D", method: "by t-SNE" },
  pca: { words: "PCA", method: "by two principal components" },
  pca3: { words: "PCA 3-D", method: "by three principal components" },
  code: { words: "Code", method: "as they are" },
  [RUN]: { words: "Your run", method: "by t-SNE" },
};

export function mount(element, { signal: life }) {
  const find = (selector) => element.querySelector(selector);
  let opened = false;
  let atlas = null;
  return new Promise((declare) => {
    let seen = false;
    onSight(element, (visible) => {
      seen = visible;
      atlas?.sight(seen);
      if (!seen || opened) return;
      opened = true;
      about().then(({ classes }) => {
        atlas = new Atlas(find, classes, life);
        atlas.sight(seen);
        atlas.open(declare);
      });
    }, life);
  });
}

class Atlas {
  constructor(find, classes, life) {
    this.find = find;
    this.life = life;
    this.beside = signal(find("[name=beside]").checked); // whether the raw pixels are shown too
    this.choice = picker(find(".choice"), "Model whose codes are shown", ([name]) => this.choose(name), true);
    this.models = [];
    this.maps = new Map(); // "atlas view" -> what the server sent
    this.labels = new Map(); // atlas -> the class of each of its digits
    this.frames = {}; // atlas -> the last frame of the run, while it is of this model
    this.turn = 0; // counts what was asked for, so that only the last is shown
    this.stage = new Stage(find, classes, (sentence) => this.say(sentence), life);
    this.legend = new Legend(find(".keys"), classes, (hidden) => this.stage.hide(hidden));
    search(find(".search"), classes, (own, theirs) => this.stage.search(own, theirs));
    this.run = new Run(find(".tsne"), {
      begin: (count) => this.beginRun(count),
      frame: (message, duration) => this.frame(message, duration),
      end: () => this.endRun(),
    });
    this.seen = false;
    this.place = newest(() => this.placeNow(), () => {});
  }

  // Behind another tab the drawing is not placed; when the map is seen again it is.
  sight(seen) {
    this.seen = seen;
    if (seen) this.place();
  }

  // `declare` hears what a link says of it, when there is something to see.
  open(declare) {
    const { find } = this;
    tieBox(find("[name=beside]"), this.beside, this.life);
    watch(() => this.beside.value, () => this.view && this.showBeside(), this.life);
    find("[data-do=panel]").addEventListener("click", () => this.toggleForm());
    onFrame(() => noisyDigit.value, this.place, this.life);
    onModels((models) => {
      this.offer(models);
      declare(atlasTable(this));
    }, this.life);
  }

  // Models come and go with the runs of this browser. If the one on show is gone, another is shown.
  offer(models) {
    const before = new Map(this.models?.map(({ name, version }) => [name, version]));
    const learnt = (name) => before.has(name) && before.get(name) !== named(name)?.version;
    this.models = models;
    const good = models.filter(({ error }) => !error);
    const named = (wanted) => good.find(({ name }) => name === wanted);
    const shown = named(this.model?.name) ?? named(FIRST) ?? good[0];
    for (const key of [...this.maps.keys()]) {
      const [name] = key.split(" ");
      if (name === PIXELS || (named(name) && !learnt(name))) continue;
      this.maps.delete(key); // it may come back with other weights
      this.stage.forget(name);
    }
    this.choice.offer(models, shown ? [shown.name] : []);
    if (!shown) this.say("There is no model to show.");
    else if (shown.name !== this.model?.name || learnt(shown.name)) this.choose(shown.name);
  }

  choose(name) {
    this.take(name);
    return this.load(null, 0);
  }

  take(name) {
    this.run.cancel();
    this.frames = {};
    this.model = this.models.find((model) => model.name === name);
    this.choice.show([name]);
  }

  // Fetches and shows one view of the model; without a name the first there is.
  async load(view, duration) {
    const turn = ++this.turn;
    const waiting = setTimeout(() => this.say("Loading the map."), PATIENCE);
    try {
      const main = await this.mapOf(this.model.name, view);
      const beside = main.pixels ? await this.mapOf(PIXELS, twin(main.view)) : null;
      if (turn !== this.turn) return;
      this.say("");
      this.views = main.views;
      this.hasPixels = Boolean(beside);
      this.show(main.view, main, beside, duration);
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
      this.maps.set(key, map).set(`${name} ${map.view}`, map);
      this.labels.set(name, map.labels);
    }
    return this.maps.get(key);
  }

  show(view, main, beside, duration) {
    const { model } = this;
    this.view = view;
    this.stage.show(
      model,
      { ...main, title: [mark(model), model.label], what: described(main, view, `a code of ${model.code} numbers`) },
      beside && { ...beside, title: ["Raw pixels"], what: described(beside, beside.view ?? view, "784 pixels") },
      duration,
    );
    this.offerViews();
    this.showBeside();
    this.place();
  }

  offerViews() {
    const names = this.frames[this.model.name] ? [...this.views, RUN] : this.views;
    if (this.offered === `${names} ${this.view}`) return; // nothing to change under the pointer
    this.offered = `${names} ${this.view}`;
    const entries = names.map((view) => [view, VIEWS[view].words]);
    this.find(".views").replaceChildren(...choices("atlas-view", entries, this.view, (view) => this.showView(view)));
  }

  showView(view) {
    if (view === RUN) this.showRun(GLIDE);
    else this.load(view, GLIDE);
  }

  showBeside() {
    const shown = this.hasPixels && this.beside.value;
    this.find(".beside").hidden = !this.hasPixels;
    this.stage.showBeside(shown);
    const atlases = shown ? [this.model.name, PIXELS] : [this.model.name];
    this.run.offer(atlases, Math.min(...atlases.map((name) => this.labels.get(name).length)));
  }

  async placeNow() {
    const { model } = this;
    const { shown } = this.stage.main;
    if (!this.seen || !shown || !model) return;
    try {
      const placed = await placeDrawing(model, shown.labels);
      if (model === this.model) this.stage.settle(placed);
    } catch (error) {
      this.say(error.message);
    }
  }

  // t-SNE in the page.

  toggleForm() {
    const form = this.find(".tsne");
    form.hidden = !form.hidden;
    this.find("[data-do=panel]").setAttribute("aria-expanded", String(!form.hidden));
  }

  beginRun(count) {
    this.frames = {};
    this.count = count;
  }

  frame(message, duration) {
    const { atlas } = message.header;
    const labels = this.labels.get(atlas).slice(0, this.count);
    this.frames[atlas] = readFrame(message, labels);
    const complete = this.run.running.every((name) => this.frames[name]?.iteration === message.header.iteration);
    if (!complete) return;
    if (message.header.iteration === 0 || this.view === RUN) this.showRun(duration);
  }

  showRun(duration) {
    this.turn++; // a map that is still on its way comes too late
    this.show(RUN, this.frames[this.model.name], this.frames[PIXELS] ?? null, duration);
  }

  endRun() {
    if (this.view === RUN && !this.frames[this.model.name]) this.load(null, 0);
  }

  say(sentence) {
    this.find(".notice").textContent = sentence;
  }
}

// The map of the raw pixels that goes with a model's: a code of two numbers has none like it.
function twin(view) {
  return view === "code" ? "tsne" : view;
}

function described({ count }, view, source) {
  return `${count.toLocaleString("en-GB")} test digits, ${source}, ${VIEWS[view].method}`;
}
