// What the figure says in numbers: how a code is put together, and what reaches the encoder.

import { make } from "../../../ui/elements.js";
import { nats, signed } from "../../../ui/numbers.js";

const SMALL = ["₁", "₂"];
const number = (value) => signed(value, 3);

// One line for each number of the code: z = μ + σ × ε.
export function equations({ mean, spread }, epsilon, code) {
  return mean.map((middle, i) => {
    const n = SMALL[i];
    const letters = make("span", { className: "letters" }, `z${n} = μ${n} + σ${n} ε${n}`);
    const numbers = `${number(code[i])} = ${number(middle)} + ${number(spread[i])} × ${number(epsilon[i])}`;
    return make("p", {}, letters, make("span", { className: "value" }, numbers));
  });
}

// What of the distortion reaches the encoder, if the code is drawn in the one way or the other.
export function reached(trace) {
  const rows = [["μ", "byMean", "drawnByMean", "rateByMean"], ["log σ²", "byLogVar", "drawnByLogVar", "rateByLogVar"]];
  const lines = SMALL.flatMap((n, i) => rows.map(([letter, through, drawn, rate]) => {
    // All that arrives with dice within, less what the rate says anyhow.
    const left = trace[drawn][i] - trace[rate][i];
    const header = make("th", { scope: "row" }, "∂D / ∂", letter.replace("σ²", `σ${n}²`) + (letter === "μ" ? n : ""));
    return make("tr", {}, header, cell(left === 0 ? "none" : nats(left)), cell(nats(trace[through][i])));
  }));
  const heads = ["to", "z drawn inside", "ε from outside"].map((words) => make("th", { scope: "col" }, words));
  return [
    make("caption", {}, "What of the distortion D reaches the encoder"),
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...lines),
  ];
}

const cell = (words) => make("td", {}, words);
