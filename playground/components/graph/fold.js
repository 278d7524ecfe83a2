// "From picture to loss" in an enlarged card: the graph of that model for the drawing as it is.

import { fact } from "../state/models.js";
import { make } from "../ui/elements.js";
import { LossGraph } from "./graph.js";
import { askTrace, newEpsilon } from "./numbers.js";

export const STEPS = [
  "posterior", "draw", "distortion", "rate", "loss", "gradient of the mean", "gradient of the log-variance", "drawn inside",
];

export async function fill(element, { name, code }) {
  const graph = new LossGraph();
  const said = make("p", { className: "notice", role: "status" });
  const button = make("button", { type: "button", className: "plain" }, "Draw ε again");

  async function again() {
    try {
      const trace = await askTrace(name, newEpsilon(code));
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

// "Show the maths": formulas that the server has made into MathML, hidden until asked for.

let known;

// A fold with the parts of text/maths.md that are named.
export function mathsFold(names) {
  const fold = make("details", { className: "source maths" }, make("summary", {}, "Show the maths"));
  const list = make("div", {});
  fold.append(list);
  fold.addEventListener("toggle", async () => {
    if (!fold.open || list.childElementCount) return;
    try {
      known ??= fact("maths").then((reply) => reply.json());
      const lines = await known;
      list.replaceChildren(...names.map((name) => line(lines[name])));
    } catch (error) {
      known = undefined; // the next one who asks tries again
      list.textContent = error.message;
    }
  });
  return fold;
}

function line(html) {
  const element = make("p");
  element.innerHTML = html; // from our own texts
  return element;
}
