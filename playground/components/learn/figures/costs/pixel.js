// Squared error against cross-entropy: for one pixel, and for all those of the visitor's digit.

import { mathsFold } from "../../../graph/fold.js";
import { colour as themed, fit, font } from "../../../ui/canvas.js";
import { make } from "../../../ui/elements.js";
import { nats } from "../../../ui/numbers.js";
import { MODELS, askCosts, slider } from "./parts.js";

const LEFT = 30;
const FOOT = 34;
const TOP = 8;
const HIGHEST = 4; // of the axis
const POINTS = 400;

// x log p, which is 0 where x is 0, whatever p is.
const xlog = (x, p) => (x === 0 ? 0 : x * Math.log(p));

export const crossEntropy = (x, p) => -xlog(x, p) - xlog(1 - x, 1 - p);
export const squaredError = (x, p) => (p - x) ** 2;

const CURVES = [
  ["cross-entropy", crossEntropy, (x, p) => (p - x) / (p * (1 - p)), "--accent", []],
  ["squared error", squaredError, (x, p) => 2 * (p - x), "--against", [6, 4]],
];

export function pixelPart(lesson) {
  const truth = slider("True pixel x", 0, 1, 0.01, 1, (value) => value.toFixed(2), () => paint());
  const guess = slider("Prediction p", 0.01, 0.99, 0.01, 0.1, (value) => value.toFixed(2), () => paint());
  const canvas = make("canvas", { className: "pixel-plot" });
  canvas.setAttribute("role", "img");
  const cells = CURVES.map(() => [make("td"), make("td")]);
  const bodies = make("tbody");

  function turn(control, value) {
    control.set(value);
    paint();
  }

  function paint() {
    const [x, p] = [truth.value(), guess.value()];
    CURVES.forEach(([, loss, slope], i) => {
      cells[i][0].textContent = nats(loss(x, p));
      cells[i][1].textContent = nats(slope(x, p));
    });
    const words = CURVES.map(([name, loss]) => `${name} ${nats(loss(x, p))}`);
    canvas.setAttribute("aria-label", `Losses of a pixel of ${x.toFixed(2)} that is predicted as ${p.toFixed(2)}: ${words.join(", ")}`);
    if (canvas.clientWidth) draw(canvas, x, p);
  }

  function showDigit(costs) {
    const rows = (costs?.models ?? []).map(({ crossEntropy: entropy, squaredError: squares }, i) => (
      line(MODELS[i][1], nats(entropy), nats(entropy - costs.floor), nats(squares))
    ));
    if (costs) rows.push(line("a perfect picture", nats(costs.floor), nats(0), nats(0)));
    bodies.replaceChildren(...rows);
  }

  new ResizeObserver(paint).observe(canvas);
  const onePixel = table("This pixel", ["loss", "value", "slope"], make("tbody", {}, ...CURVES.map(([name], i) => (
    make("tr", {}, make("th", { scope: "row" }, name), ...cells[i])
  ))));
  const yours = table("Your digit, summed over 784 pixels", ["drawn by", "cross-entropy, nats", "above perfect", "squared error"], bodies);
  const key = make(
    "p",
    { className: "caption key" },
    make("span", { className: "line posterior" }), "cross-entropy, nats ",
    make("span", { className: "line against" }), "squared error",
  );

  return {
    element: make(
      "div",
      {},
      make("div", { className: "settings" }, truth.element, guess.element),
      make("div", { className: "pixel" }, make("div", {}, key, canvas), make("div", {}, onePixel, yours)),
      mathsFold(["cross-entropy of a pixel", "squared error of a pixel"]),
    ),
    async refresh() {
      paint();
      const costs = await askCosts(MODELS.map(([name]) => name));
      showDigit(costs);
      lesson.say(costs ? "" : "Draw a digit to see what all of its pixels cost.");
    },
    entries: [
      { name: "x", kind: "number", range: [0, 1], get: truth.value, set: (value) => turn(truth, value) },
      { name: "p", kind: "number", range: [0.01, 0.99], get: guess.value, set: (value) => turn(guess, value) },
    ],
  };
}

function table(caption, heads, body) {
  const head = make("tr", {}, ...heads.map((words) => make("th", { scope: "col" }, words)));
  return make("table", { className: "reached" }, make("caption", {}, caption), make("thead", {}, head), body);
}

function line(name, ...values) {
  return make("tr", {}, make("th", { scope: "row" }, name), ...values.map((value) => make("td", {}, value)));
}

function draw(canvas, x, p) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = fit(canvas, width, height);
  const left = (value) => LEFT + value * (width - LEFT - 12);
  const top = (value) => height - FOOT - (value / HIGHEST) * (height - FOOT - TOP);
  context.font = font(11.5);
  context.fillStyle = themed("--soft");
  context.strokeStyle = themed("--rule");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let value = 0; value <= HIGHEST; value++) {
    context.beginPath();
    context.moveTo(LEFT, top(value));
    context.lineTo(width - 12, top(value));
    context.stroke();
    context.fillText(value, LEFT - 6, top(value));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of [0, 0.25, 0.5, 0.75, 1]) context.fillText(value, left(value), height - FOOT + 4);
  context.fillText("prediction p", left(0.5), height - 14);
  context.save();
  context.beginPath();
  context.rect(LEFT, 0, width - LEFT, height - FOOT);
  context.clip();
  upright(context, left(x), top, "--rule-strong", [2, 3]);
  for (const [, loss, , name, dash] of CURVES) {
    context.beginPath();
    for (let i = 1; i < POINTS; i++) context.lineTo(left(i / POINTS), top(loss(x, i / POINTS)));
    context.strokeStyle = themed(name);
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(left(p), top(loss(x, p)), 5, 0, 2 * Math.PI);
    context.fillStyle = themed(name);
    context.fill();
  }
  context.restore();
}

// Where the true pixel is.
function upright(context, at, top, name, dash) {
  context.beginPath();
  context.moveTo(at, top(0));
  context.lineTo(at, top(HIGHEST));
  context.strokeStyle = themed(name);
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}
