// Atlas: where thousands of digits lie in a model's latent space.

import { newest } from "../engine/wire.js";
import { noisyDigit } from "../state/input.js";
import { about, onModels } from "../state/models.js";
import { onFrame, signal, watch } from "../state/signals.js";
import { onSight } from "../ui/canvas.js";
import { mark, picker } from "../ui/choices.js";
import { foldButton } from "../ui/fold.js";
import { NOTHING, PIXELS, bySide, offerBeside, wins } from "./beside.js";
import { Legend, choices, search } from "./choices.js";
import { placeDrawing } from "./drawn.js";
import { KnownMaps } from "./known.js";
import { atlasTable } from "./link.js";
import { readFrame } from "./maps.js";
import { Run } from "./run.js";
import { Stage } from "./stage.js";
import { RUN, VIEWS, described } from "./views.js";

const FIRST = "vae-20";
const GLIDE = 700; // ms from one kind of map to another
const PATIENCE = 300; // ms of silence before the page says that it is waiting

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
    this.beside = signal(PIXELS); // what is shown beside it: an atlas, or nothing
    find(".choice").after(foldButton(find(".atlas-zone"), "Settings"));
    this.choice = picker(find(".choice"), "Model whose codes are shown", ([name]) => this.choose(name), true);
    this.models = [];
    this.known = new KnownMaps();
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
    const select = find("[name=beside]");
    select.addEventListener("change", () => (this.beside.value = select.value));
    watch(() => this.beside.value, (name) => {
      select.value = name;
      if (this.view) this.changeBeside();
    }, this.life);
    find("[data-do=run]").addEventListener("click", () => this.startRun());
    find("[data-do=close]").addEventListener("click", () => this.closeRun());
    onFrame(() => noisyDigit.value, this.place, this.life);
    onModels((models) => {
      this.offer(models);
      declare(atlasTable(this));
    }, this.life);
  }

  // Models come and go with the runs of this browser. If the one on show is gone, another is shown.
  offer(models) {
    const before = new Map(this.models.map(({ name, version }) => [name, version]));
    const learnt = (name) => before.has(name) && before.get(name) !== named(name)?.version;
    this.models = models;
    const good = models.filter(({ error }) => !error);
    const named = (wanted) => good.find(({ name }) => name === wanted);
    const shown = named(this.model?.name) ?? named(FIRST) ?? good[0];
    const gone = this.known.forget((name) => name !== PIXELS && (!named(name) || learnt(name)));
    for (const name of gone) this.stage.forget(name); // it may come back with other weights
    this.choice.offer(models, shown ? [shown.name] : []);
    this.offerBeside();
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
    this.offerBeside();
  }

  // What may stand beside the model: others of the same digits. What is gone is the raw pixels again.
  offerBeside() {
    this.beside.value = offerBeside(this.find("[name=beside]"), this.models, this.model, this.beside.value);
  }

  // Another map beside the one on show, which stays as it is.
  changeBeside() {
    this.run.cancel();
    this.frames = {};
    this.load(this.view === RUN ? null : this.view, 0);
  }

  // Fetches and shows one view of the model; without a name the first there is.
  async load(view, duration) {
    const turn = ++this.turn;
    const waiting = setTimeout(() => turn === this.turn && this.say("Loading the map."), PATIENCE);
    try {
      const main = await this.known.map(this.model.name, view);
      const other = this.otherOf(main);
      const beside = other ? await this.known.map(other, bySide(other, main.view, this.models)) : null;
      if (turn !== this.turn) return;
      this.say("");
      this.views = main.views;
      this.hasPixels = main.pixels;
      this.other = other;
      this.show(main.view, main, beside, duration);
    } catch (error) {
      if (turn === this.turn) this.say(error.message);
    } finally {
      clearTimeout(waiting);
    }
  }

  // Which atlas stands beside a map; null for none.
  otherOf({ pixels }) {
    const name = this.beside.value;
    return name === NOTHING || (name === PIXELS && !pixels) ? null : name;
  }

  show(view, main, beside, duration) {
    const { model } = this;
    const other = this.models.find(({ name }) => name === this.other);
    this.view = view;
    this.stage.show(
      model,
      { ...main, title: [mark(model), model.label], what: described(main, view, `a code of ${model.code} numbers`) },
      beside && { ...beside, title: other ? [mark(other), other.label] : ["Raw pixels"], what: described(beside, beside.view ?? view, other ? `a code of ${other.code} numbers` : "784 pixels") },
      duration,
    );
    const words = beside ? wins(main, other?.label ?? "the raw pixels", beside) : "";
    this.find(".wins").hidden = !words;
    this.find(".wins").textContent = words;
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
    const shown = Boolean(this.other);
    this.find(".beside-choice").hidden = !this.hasPixels;
    this.stage.showBeside(shown);
    const atlases = shown ? [this.model.name, this.other] : [this.model.name];
    this.run.offer(atlases, Math.min(...atlases.map((name) => this.known.labelsOf(name).length)));
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

  startRun() {
    this.find(".tsne").hidden = false;
    this.run.start();
  }

  closeRun() {
    this.run.cancel();
    this.find(".tsne").hidden = true;
    this.find("[data-do=run]").focus();
  }

  beginRun(count) {
    this.frames = {};
    this.count = count;
  }

  frame(message, duration) {
    const { atlas } = message.header;
    const labels = this.known.labelsOf(atlas).slice(0, this.count);
    this.frames[atlas] = { ...readFrame(message, labels), shaping: !message.header.done };
    const complete = this.run.running.every((name) => this.frames[name]?.iteration === message.header.iteration);
    if (!complete) return;
    if (message.header.iteration === 0 || this.view === RUN) this.showRun(duration);
  }

  showRun(duration) {
    this.turn++; // a map that is still on its way comes too late
    this.show(RUN, this.frames[this.model.name], this.frames[this.other] ?? null, duration);
  }

  endRun() {
    if (this.view === RUN && !this.frames[this.model.name]) this.load(null, 0);
  }

  say(sentence) {
    this.find(".notice").textContent = sentence;
  }
}
