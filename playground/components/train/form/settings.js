// All that can be chosen for a run: three questions, and what is behind "Advanced".

import { FEW, LIKELIHOODS, OPTIONS, PACE, RARE, SETTINGS, START, choice, number, read, titled, typed, write } from "./fields.js";
import { readSpelt, spelt } from "./spelt.js";

const SIZE = "latent_dim"; // the option that is a question of its own
const STRONG = 0.5; // a noise, unless somebody says how much
const QUESTIONS = ["model", SIZE, "beta"];

export class Settings {
  constructor(offer) {
    this.offer = offer;
    this.touched = new Set(); // what the visitor typed, and no default may replace
    this.options = {};
    this.fields = fieldsOf(offer);
    for (const { name, default: usual } of offer.config) if (name in this.fields) write(this.fields[name].control, usual);
    this.home = offer.datasets.find(({ name, present }) => name === START.large && present)?.name ?? START.dataset;
    this.fill(START.model, START.options);
    this.settle(this.home);
  }

  get model() {
    return this.offer.models.find(({ name }) => name === this.fields.model.control.value);
  }

  get dataset() {
    return this.offer.datasets.find(({ name }) => name === this.fields.dataset.control.value);
  }

  get device() {
    return this.fields.device.control.value;
  }

  control(name) {
    return (this.options[name] ?? this.fields[name])?.control ?? null;
  }

  // The options of a model, with what was typed kept where it has the same ones.
  fill(model, given = {}) {
    const { options } = this.offer.models.find(({ name }) => name === model);
    const before = Object.fromEntries(Object.entries(this.options).map(([name, { control }]) => [name, control.value]));
    this.options = {};
    for (const [option, { default: usual, choices }] of Object.entries(options)) {
      const [words, term] = option in OPTIONS ? [OPTIONS[option], `train-${option}`] : [titled(option), null];
      const field = choices ? choice(option, words, choices.map((each) => [each, each]), term) : number(option, words, term);
      const kept = option === SIZE ? before[option] : this.touched.has(option) && before[option];
      write(field.control, given[option] ?? (kept || usual));
      this.options[option] = field;
    }
    write(this.fields.model.control, model);
    this.fields.beta.element.hidden = !this.model.variational;
  }

  // Another data set, with as many epochs as suit its size unless the visitor has said how many.
  settle(dataset) {
    write(this.fields.dataset.control, dataset);
    for (const [name, value] of Object.entries(this.pace)) {
      if (!this.touched.has(name)) write(this.fields[name].control, value);
    }
  }

  get pace() {
    return (this.dataset?.images ?? FEW) < FEW ? PACE.few : PACE.many;
  }

  // Shows the settings of a run that is not the visitor's own, so that they can be changed.
  use({ model, options, dataset, config }) {
    this.touched.clear();
    this.fill(model, options);
    this.settle(dataset);
    for (const { name, default: usual } of this.offer.config) {
      if (name in this.fields) write(this.fields[name].control, config?.[name] ?? this.pace[name] ?? usual);
    }
  }

  // A noise without a strength is none.
  strengthen() {
    const { noise, noise_max: most } = this.fields;
    const noisy = noise.control.value !== "";
    if (noisy && !this.touched.has("noise_max") && !Number(most.control.value)) write(most.control, STRONG);
    most.element.hidden = !noisy;
  }

  get recipe() {
    const config = {};
    for (const { name, default: usual } of this.offer.config) {
      const control = this.fields[name]?.control;
      if (!control) continue;
      if (name === "noise") config.noise = control.value ? control.value.split(" ") : [];
      else if (name === "beta" && !this.model.variational) config.beta = usual;
      else config[name] = control.tagName === "SELECT" ? control.value : read(control);
    }
    if (!config.noise?.length) config.noise_max = this.usual("noise_max");
    return {
      model: this.fields.model.control.value,
      options: Object.fromEntries(Object.entries(this.options).map(([name, { control }]) => [name, read(control)])),
      dataset: this.fields.dataset.control.value,
      config,
    };
  }

  // What is behind "Advanced" and not as it would be by itself, by name.
  get changes() {
    const { options, config, dataset } = this.recipe;
    const found = {};
    if (dataset !== this.home) found.dataset = dataset;
    for (const [name, value] of Object.entries({ ...options, ...config })) {
      const plain = this.model.options[name]?.default ?? this.pace[name] ?? this.usual(name);
      const usual = name === "noise_max" && config.noise.length ? STRONG : plain;
      if (!QUESTIONS.includes(name) && String(value) !== String(usual)) found[name] = value;
    }
    if (this.device !== "auto") found.device = this.device;
    return found;
  }

  usual(name) {
    return this.offer.config.find((setting) => setting.name === name)?.default;
  }

  // The changes as a link writes them, and back; what is wrong with it is told.
  get spelt() {
    return spelt(this.changes);
  }

  spell(text, complain) {
    const { model, options, config } = this.recipe;
    const pairs = readSpelt(text ?? "");
    const asked = Object.fromEntries(pairs);
    const { dataset = this.home } = asked;
    const known = this.offer.datasets.some(({ name }) => name === dataset);
    if (!known) complain(`There is no data set called “${dataset.slice(0, 40)}” here.`);
    this.use({ model, options: { [SIZE]: options[SIZE] }, dataset: known ? dataset : this.home, config: { beta: config.beta } });
    for (const [name, value] of pairs.filter(([each]) => each !== "dataset")) {
      const control = QUESTIONS.includes(name) ? null : this.control(name);
      const fits = control?.tagName === "SELECT" ? [...control.options].some((option) => option.value === value) : control;
      if (fits) write(control, value);
      else complain(`${name.slice(0, 40)} cannot be “${value.slice(0, 40)}” here.`);
    }
  }
}

function fieldsOf(offer) {
  const pairs = (things) => things.map((thing) => [thing.name ?? thing, thing.label ?? thing.name ?? thing]);
  const fields = {
    name: typed("name", "Name", "train-name"),
    model: choice("model", "Which model?", pairs(offer.models), "train-model"),
    dataset: choice("dataset", "Data set", pairs(offer.datasets), "train-dataset"),
    likelihood: choice("likelihood", "Likelihood", offer.likelihoods.map((kind) => [kind, LIKELIHOODS[kind] ?? kind]), "train-likelihood"),
    noise: choice("noise", "Noise", [["", "none"], ...pairs(offer.noises)], "train-noise"),
    device: choice("device", "Device", pairs(offer.devices), "train-device"),
  };
  for (const [name, words] of Object.entries({ ...SETTINGS, ...RARE })) {
    if (!offer.config.some((setting) => setting.name === name)) continue;
    fields[name] = name === "precision"
      ? choice(name, words, ["auto", "float32", "bfloat16"].map((kind) => [kind, kind]), "train-precision")
      : number(name, words, `train-${name}`);
  }
  return fields;
}
