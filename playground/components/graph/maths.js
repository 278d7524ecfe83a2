// "Show the maths": formulas that the server has made into MathML, hidden until asked for.

import { ask } from "../engine/wire.js";
import { make } from "../ui/make.js";

let known;

// A fold with the parts of text/maths.md that are named.
export function mathsFold(names) {
  const fold = make("details", { className: "source maths" }, make("summary", {}, "Show the maths"));
  const list = make("div", {});
  fold.append(list);
  fold.addEventListener("toggle", async () => {
    if (!fold.open || list.childElementCount) return;
    try {
      known ??= ask("live/maths").then((reply) => reply.json());
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
