// What to train, and how: only the settings that the chosen model has.

import { newest } from "../../engine/wire.js";
import { brought, forgetBrought, keepBrought } from "../../state/memory.js";
import { make } from "../../ui/elements.js";
import { whole } from "../../ui/numbers.js";
import { Command } from "./command.js";
import { Pictures } from "./datasets.js";
import { accuse, acquit } from "./faulty.js";
import { FEW, LIKELIHOODS, OPTIONS, PACE, RARE, SETTINGS, START, choice, number, read, typed, write } from "./fields.js";
import { call } from "../server.js";
import { allowed } from "../words.js";

const EXPLAINED = ["train-wrong", "train-refused"]; // where it says what is wrong with a field

export class Form {
  // `start` hears the recipe, under its name, and gives back a promise.
  constructor(offer, start) {
    this.offer = offer;
    this.start = start;
    this.touched = new Set(); // what the visitor typed, and no default may replace
    this.taken = [];
    this.options = {};
    this.check = newest(() => this.fetchCommand(), () => {});
    this.build();
    this.fill(START.model, START.options);
    this.settle(START.dataset);
    this.changed();
  }

  build() {
    const { offer } = this;
    const pairs = (things) => things.map((thing) => [thing.name ?? thing, thing.label ?? thing.name ?? thing]);
    this.fields = {
      name: typed("name", "Name", "train-name"),
      model: choice("model", "Model", pairs(offer.models), "train-model"),
      dataset: choice("dataset", "Data set", pairs(offer.datasets), "train-dataset"),
      likelihood: choice("likelihood", "Likelihood", offer.likelihoods.map((kind) => [kind.name ?? kind, kind.label ?? LIKELIHOODS[kind] ?? kind]), "train-likelihood"),
      noise: choice("noise", "Noise", [["", "none"], ...pairs(offer.noises)], "train-noise"),
      device: choice("device", "Device", pairs(offer.devices), "train-device"),
    };
    for (const [name, words] of Object.entries({ ...SETTINGS, ...RARE })) {
      const known = offer.config.find((setting) => setting.name === name);
      if (!known) continue;
      this.fields[name] = name === "precision"
        ? choice(name, words, ["auto", "float32", "bfloat16"].map((kind) => [kind, kind]), "train-precision")
        : number(name, words, `train-${name}`);
      write(this.fields[name].control, known.default);
    }
    write(this.fields.likelihood.control, this.usual("likelihood"));
    this.pictures = new Pictures(offer, {
      take: (facts) => this.take(facts),
      lose: (facts, why) => this.lose(facts, why),
      changed: () => this.changed(),
    });
    for (const facts of offer.pictures ? brought() : []) this.add(facts);
    this.choices = make("div", { className: "lines" });
    this.command = new Command();
    this.weight = make("p", { className: "fact value", id: "train-wrong" });
    this.limits = make("p", { className: "fact limits" }, allowed(offer.limits));
    this.error = make("p", { className: "wrong", role: "alert", id: "train-refused" });
    this.button = make("button", { type: "submit", className: "plain primary" }, "Start");
    const line = (name) => this.fields[name]?.element ?? "";
    const lines = (...names) => make("div", { className: "lines" }, ...names.map(line));
    this.element = make("form", { className: "recipe", ariaLabel: "What to train", noValidate: true },
      make("h3", {}, "Your own model"),
      lines("model", "dataset"), this.pictures.element, this.choices,
      lines("likelihood", "beta", "noise", "noise_max"),
      lines("learning_rate", "batch_size", "epochs", "seed", "device"),
      make("details", { className: "rare" }, make("summary", {}, "More settings"), lines(...Object.keys(RARE))),
      lines("name"),
      this.weight, this.limits, this.button, this.error, this.command.element);
    this.element.addEventListener("input", (event) => this.hear(event));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  usual(name) {
    return this.offer.config.find((setting) => setting.name === name)?.default;
  }

  hear({ target }) {
    this.touched.add(target.name);
    this.say("");
    if (target.name === "model") this.fill(target.value);
    if (target.name === "dataset") this.settle(target.value);
    this.changed();
  }

  // The options of a model, with what was typed kept where it has the same ones.
  fill(model, given = {}) {
    const { options } = this.offer.models.find(({ name }) => name === model);
    const before = Object.fromEntries(Object.entries(this.options).map(([name, { control }]) => [name, control.value]));
    this.options = {};
    for (const [option, { default: usual }] of Object.entries(options)) {
      if (!(option in OPTIONS)) continue;
      const field = number(option, OPTIONS[option], `train-${option}`);
      write(field.control, given[option] ?? (this.touched.has(option) ? before[option] : null) ?? usual);
      this.options[option] = field;
    }
    write(this.fields.model.control, model);
    this.choices.replaceChildren(...Object.values(this.options).map(({ element }) => element));
  }

  // Another data set, with as many epochs as suit its size unless the visitor has said how many.
  settle(dataset) {
    write(this.fields.dataset.control, dataset);
    const facts = this.offer.datasets.find(({ name }) => name === dataset);
    const pace = (facts?.images ?? FEW) < FEW ? PACE.few : PACE.many;
    for (const [name, value] of Object.entries(pace)) {
      if (!this.touched.has(name)) write(this.fields[name].control, value);
    }
    this.pictures.show(facts);
  }

  // A data set that the visitor brought, now or before.
  add(facts) {
    const { control } = this.fields.dataset;
    this.offer.datasets = [...this.offer.datasets.filter(({ name }) => name !== facts.name), { ...facts, own: true, present: true }];
    if (![...control.options].some(({ value }) => value === facts.name)) control.append(new Option(facts.label, facts.name));
  }

  take(facts) {
    keepBrought(facts);
    this.add(facts);
    this.settle(facts.name);
    this.changed();
  }

  // One that is not there any more.
  lose({ name, label }, why) {
    forgetBrought(name);
    this.offer.datasets = this.offer.datasets.filter((facts) => facts.name !== name);
    [...this.fields.dataset.control.options].find(({ value }) => value === name)?.remove();
    this.settle(START.dataset);
    this.changed();
    this.pictures.tell({ wrong: `${label}: ${why}` });
  }

  // Shows the settings of a run that is not the visitor's own, so that they can be changed.
  use({ model, options, dataset, config }) {
    this.touched.clear();
    this.fill(model, options);
    this.settle(dataset);
    for (const { name, default: usual } of this.offer.config) {
      if (name in this.fields) write(this.fields[name].control, config?.[name] ?? usual);
    }
    this.changed();
  }

  get recipe() {
    const settings = {};
    for (const { name } of this.offer.config) {
      const control = this.fields[name]?.control;
      if (!control) continue;
      if (name === "noise") settings.noise = control.value ? control.value.split(" ") : [];
      else settings[name] = control.tagName === "SELECT" ? control.value : read(control);
    }
    if (!settings.noise?.length) settings.noise_max = this.usual("noise_max");
    return {
      model: this.fields.model.control.value,
      options: Object.fromEntries(Object.entries(this.options).map(([name, { control }]) => [name, read(control)])),
      dataset: this.fields.dataset.control.value,
      config: settings,
    };
  }

  get device() {
    return this.fields.device.control.value;
  }

  // The names of the visitor's runs, so that a new one can be told from them.
  avoid(names) {
    if (names.join() === this.taken.join()) return;
    this.taken = names;
    this.check();
  }

  get name() {
    const { control } = this.fields.name;
    return control.value.trim() || control.placeholder;
  }

  // The name that the server would give, told from those that are there.
  suggest(usual) {
    let name = usual;
    for (let n = 2; this.taken.includes(name); n++) name = `${usual}, ${n}`;
    this.fields.name.control.placeholder = name;
  }

  changed() {
    const { recipe } = this;
    const noisy = recipe.config.noise?.length > 0;
    if (noisy && !this.touched.has("noise_max") && !Number(this.fields.noise_max.control.value)) {
      write(this.fields.noise_max.control, 0.5);
      recipe.config.noise_max = 0.5;
    }
    this.fields.noise_max.element.hidden = !noisy;
    this.fields.dataset.control.title = this.fields.dataset.control.selectedOptions[0]?.text ?? "";
    this.check();
  }

  // The command line that does the same, or what is wrong, as the server says it.
  async fetchCommand() {
    const asked = { ...this.recipe, device: this.device };
    try {
      const { name } = await call("train-check", { ...asked, name: "" });
      this.suggest(name);
      const { command, parameters } = await call("train-check", { ...asked, name: this.name });
      this.command.spell(command);
      this.weight.textContent = `${whole(parameters)} parameters`;
      this.clear();
    } catch (error) {
      this.command.spell("");
      this.weight.textContent = this.error.textContent === error.message ? "" : error.message;
      this.blame(error.message);
    }
  }

  async submit() {
    if (this.button.ariaDisabled === "true") return; // it has been pressed, and keeps its focus
    this.say("");
    this.button.ariaDisabled = "true";
    try {
      await this.start([{ name: this.name, ...this.recipe, device: this.device }]);
      this.fields.name.control.value = "";
      this.touched.delete("name");
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
    const [word] = sentence.split(" ");
    const control = (this.options[word] ?? this.fields[word])?.control ?? null;
    if (control) accuse(control, EXPLAINED);
    return control;
  }
}
