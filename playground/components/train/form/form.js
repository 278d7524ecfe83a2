// What to train: three questions, and everything else folded behind them.

import { newest } from "../../engine/wire.js";
import { brought, forgetBrought, keepBrought } from "../../state/memory.js";
import { Command } from "../../ui/command.js";
import { make, write as put } from "../../ui/elements.js";
import { whole } from "../../ui/numbers.js";
import { call } from "../server.js";
import { allowed } from "../words.js";
import { Pictures } from "./datasets.js";
import { accuse, acquit } from "./faulty.js";
import { RARE, START, read } from "./fields.js";
import { Settings } from "./settings.js";

const EXPLAINED = ["train-wrong", "train-refused"]; // where it says what is wrong with a field
const MOST = 512; // numbers that a code may have, in a link

export class Form {
  // `start` hears the recipe, under its name, and gives back a promise.
  constructor(offer, start) {
    this.offer = offer;
    this.start = start;
    this.taken = [];
    this.settings = new Settings(offer);
    this.check = newest(() => this.fetchCommand(), () => {});
    this.build();
    for (const facts of offer.pictures ? brought() : []) this.add(facts);
    this.changed();
  }

  build() {
    const { offer, settings: { fields } } = this;
    this.pictures = new Pictures(offer, {
      take: (facts) => this.take(facts),
      lose: (facts, why) => this.lose(facts, why),
      changed: () => this.changed(),
    });
    this.size = make("div", { className: "question" });
    this.about = make("p", { className: "fact about" });
    this.choices = make("div", { className: "lines" });
    this.command = new Command("The same as a command");
    this.weight = make("p", { className: "fact value", id: "train-wrong" });
    this.limits = make("p", { className: "fact limits" }, allowed(offer.limits));
    this.error = make("p", { className: "wrong", role: "alert", id: "train-refused" });
    this.button = make("button", { type: "submit", className: "plain primary" }, "Start");
    const line = (name) => fields[name]?.element ?? "";
    const lines = (...names) => make("div", { className: "lines" }, ...names.map(line));
    const question = (...parts) => make("div", { className: "question" }, ...parts);
    this.summary = make("summary", {}, "Advanced");
    this.advanced = make("details", { className: "advanced" }, this.summary, make("div", { className: "settings" },
      make("div", {}, lines("dataset"), this.pictures.element),
      make("div", {}, this.choices, lines("likelihood", "noise", "noise_max")),
      lines("learning_rate", "batch_size", "epochs", "seed", "device"),
      make("div", {}, lines(...Object.keys(RARE)), lines("name"))), this.command.element);
    this.element = make("form", { className: "recipe", ariaLabel: "What to train", noValidate: true },
      make("div", { className: "questions" }, question(line("model")), this.size, question(line("beta")), this.button),
      this.about, this.error, this.weight, this.limits, this.advanced);
    this.element.addEventListener("input", (event) => this.hear(event));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  hear({ target }) {
    const { settings } = this;
    settings.touched.add(target.name);
    this.say("");
    if (target.name === "model") settings.fill(target.value);
    if (target.name === "dataset") {
      settings.settle(target.value);
      this.pictures.show(settings.dataset); // once more where it was chosen already: it may be gone by now
    }
    this.changed();
  }

  // A data set that the visitor brought, now or before.
  add(facts) {
    const { control } = this.settings.fields.dataset;
    this.offer.datasets = [...this.offer.datasets.filter(({ name }) => name !== facts.name), { ...facts, own: true, present: true }];
    if (![...control.options].some(({ value }) => value === facts.name)) control.append(new Option(facts.label, facts.name));
  }

  take(facts) {
    keepBrought(facts);
    this.add(facts);
    this.settings.settle(facts.name);
    this.changed();
  }

  // One that is not there any more.
  lose({ name, label }, why) {
    forgetBrought(name);
    this.offer.datasets = this.offer.datasets.filter((facts) => facts.name !== name);
    [...this.settings.fields.dataset.control.options].find(({ value }) => value === name)?.remove();
    this.settings.settle(this.settings.home);
    this.changed();
    this.pictures.tell({ wrong: `${label}: ${why}` });
  }

  // Shows the settings of a run that is not the visitor's own, so that they can be changed.
  use(recipe) {
    this.settings.use(recipe);
    this.changed();
  }

  get device() {
    return this.settings.device;
  }

  // The names of the visitor's runs, so that a new one can be told from them.
  avoid(names) {
    if (names.join() === this.taken.join()) return;
    this.taken = names;
    this.check();
  }

  get name() {
    const { control } = this.settings.fields.name;
    return control.value.trim() || control.placeholder;
  }

  // The name that the server would give, told from those that are there.
  suggest(usual) {
    let name = usual;
    for (let n = 2; this.taken.includes(name); n++) name = `${usual}, ${n}`;
    this.settings.fields.name.control.placeholder = name;
  }

  // Another setting: what belongs to it is shown, and the server is asked what it makes of it.
  changed() {
    const { settings } = this;
    const { latent_dim: size, ...others } = settings.options;
    settings.strengthen();
    if (this.size.firstChild !== (size?.element ?? null)) this.size.replaceChildren(...(size ? [size.element] : []));
    const shown = Object.values(others).map(({ element }) => element);
    if (shown.some((element, i) => this.choices.children[i] !== element) || shown.length !== this.choices.childElementCount) this.choices.replaceChildren(...shown);
    settings.fields.dataset.control.title = settings.dataset?.label ?? "";
    if (this.pictures.facts !== settings.dataset) this.pictures.show(settings.dataset);
    put(this.about, settings.model.sentence);
    const changes = Object.keys(settings.changes).length;
    put(this.summary, changes ? `Advanced: ${changes} changed` : "Advanced");
    this.check();
  }

  // The command line that does the same, or what is wrong, as the server says it.
  async fetchCommand() {
    const { recipe, dataset } = this.settings;
    const asked = { ...recipe, device: this.device };
    try {
      const { name } = await call("train-check", { ...asked, name: "" });
      this.suggest(name);
      const { command, parameters, epochs } = await call("train-check", { ...asked, name: this.name });
      this.command.spell(command);
      const pace = epochs ? `${whole(epochs)} epochs` : "fitted in one go";
      put(this.weight, `${whole(parameters)} parameters, on ${dataset?.label ?? recipe.dataset}, ${pace}`);
      this.clear();
    } catch (error) {
      this.command.spell("");
      put(this.weight, this.error.textContent === error.message ? "" : error.message);
      this.blame(error.message);
    }
  }

  async submit() {
    if (this.button.ariaDisabled === "true") return; // it has been pressed, and keeps its focus
    this.say("");
    this.button.ariaDisabled = "true";
    try {
      await this.start([{ name: this.name, ...this.settings.recipe, device: this.device }]);
      this.settings.fields.name.control.value = "";
      this.settings.touched.delete("name");
    } catch (error) {
      this.say(error.message);
      this.weight.textContent = "";
      this.blame(error.message)?.focus();
    } finally {
      this.button.ariaDisabled = "false";
    }
  }

  say(sentence) {
    this.error.textContent = sentence;
    if (!sentence) this.clear();
  }

  clear() {
    acquit(this.element, EXPLAINED);
  }

  // Marks the field that a sentence of the server is about.
  blame(sentence) {
    this.clear();
    const control = this.settings.control(sentence.split(" ", 1)[0]);
    if (control) accuse(control, EXPLAINED);
    return control;
  }

  // What a link says of the form: the three questions, and what is changed behind "Advanced".
  get table() {
    const { settings } = this;
    const answer = (name) => (value) => {
      const control = settings.control(name);
      if (name === "model") settings.fill(value);
      else if (control) control.value = String(value); // not every model has a number of numbers
      settings.touched.add(name);
      this.changed();
    };
    const said = (name) => () => {
      const control = settings.control(name);
      const value = control && read(control);
      return typeof value === "number" ? value : null; // nothing that a link could say
    };
    return [
      { name: "model", kind: "choice", names: this.offer.models.map(({ name }) => name), default: START.model, get: () => settings.model.name, set: answer("model") },
      { name: "numbers", kind: "whole", range: [1, MOST], default: START.options.latent_dim, get: said("latent_dim"), set: answer("latent_dim") },
      { name: "beta", kind: "number", range: [0, 1000], default: settings.usual("beta"), get: said("beta"), set: answer("beta") },
      {
        name: "advanced", kind: "text", default: null, get: () => settings.spelt,
        set: (text, complain) => {
          settings.spell(text, complain);
          this.changed();
        },
      },
    ];
  }
}
