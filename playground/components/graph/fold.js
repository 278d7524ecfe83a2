// "From picture to loss" in an enlarged card: the graph of that model for the drawing as it is.

import { make } from "../ui/make.js";
import { LossGraph } from "./graph.js";
import { mathsFold } from "./maths.js";
import { askTrace, newEpsilon } from "./trace.js";

export const STEPS = [
  "posterior", "draw", "distortion", "rate", "loss", "gradient of the mean", "gradient of the log-variance", "drawn inside",
];

export async function fill(element, { name, code }) {
  const graph = new LossGraph();
  const said = make("p", { className: "notice", role: "status" });
  const button = make("button", { type: "button", className: "plain" }, "Draw ε again");

  async function again() {
    try {
      const trace = await askTrace(name, newEpsilon(code), "loss-graph");
      graph.show(trace);
      said.textContent = trace ? "" : "Draw a digit first.";
    } catch (error) {
      said.textContent = error.message;
    }
  }

  button.addEventListener("click", again);
  graph.controls.prepend(button);
  element.replaceChildren(graph.element, said, mathsFold(STEPS));
  await again();
}
