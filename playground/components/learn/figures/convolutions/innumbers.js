// Convolutional against fully connected, in numbers: weights, and errors on the drawing and in tests.

import { coder } from "../../../state/coders.js";
import { SIDE, reconstructions } from "../../../state/input.js";
import { about, fact } from "../../../state/models.js";
import { make } from "../../../ui/elements.js";
import { squares, whole } from "../../../ui/numbers.js";
import { countOf } from "../autoencoder/stages.js";

const MODELS = ["vanilla-32", "deep-32", "conv-32"];
const HEADS = ["model", "layers", "weights in convolutions", "weights in other layers", "MSE on your digit", "MSE on test images"];

export class InNumbers {
  constructor(lesson) {
    this.lesson = lesson;
    this.layers = new Map(); // by model: [{ kind, weights }], which no drawing changes
    this.body = make("tbody");
    this.words = make("p", { className: "remark" });
    const head = make("tr", {}, ...HEADS.map((words) => make("th", { scope: "col" }, words)));
    const table = make("table", { className: "against" }, make("thead", {}, head), this.body);
    this.element = make("div", {}, make("div", { className: "wide-table", tabIndex: 0, role: "region", ariaLabel: "Models in numbers" }, table), this.words);
  }

  entries() {
    return [];
  }

  async refresh() {
    this.measured ??= (await (await fact("measured")).json()).models;
    const { models } = await about();
    const seen = await reconstructions(MODELS);
    for (const model of MODELS) {
      if (this.layers.has(model) || !seen) continue;
      this.layers.set(model, await coder(model).activations(new Float32Array(SIDE * SIDE)));
    }
    this.lesson.say(seen ? "" : "Draw a digit, to see the error on it.");
    const rows = MODELS.map((name, i) => this.row(models.find((model) => model.name === name), seen?.[i]));
    this.body.replaceChildren(...rows);
    this.say();
  }

  row(model, seen) {
    const { convolved, other } = this.weights(model.name);
    const tested = this.measured[model.name];
    const layers = this.layers.get(model.name)?.length ?? "–";
    const cells = [layers, whole(convolved), whole(other), seen ? squares(seen.mse) : "–", tested ? squares(tested.mse) : "–"];
    return make("tr", {}, make("th", { scope: "row" }, model.label), ...cells.map((words) => make("td", {}, String(words))));
  }

  // How many weights are in its convolutions, and how many elsewhere.
  weights(name) {
    const layers = this.layers.get(name) ?? [];
    const sum = (wanted) => layers.filter(({ kind }) => /convolution/.test(kind) === wanted).reduce((total, { weights }) => total + weights, 0);
    return { convolved: sum(true), other: sum(false) };
  }

  say() {
    const [, dense, conv] = MODELS.map((name) => this.layers.get(name));
    if (!dense || !conv) return;
    const { convolved, other } = this.weights("conv-32");
    const share = Math.round((100 * convolved) / (convolved + other));
    this.words.textContent = `The first layer of the convolutional model makes ${whole(countOf(conv[0].shape))} activations from ${whole(conv[0].weights)} weights, that of the deep one ${whole(countOf(dense[0].shape))} from ${whole(dense[0].weights)}. All convolutions together have ${share} % of the convolutional model's weights; the others are in the fully connected layers about its code.`;
  }
}
