// Posterior and prior of one number of a code, and the KL divergence between them as an area.

import { mathsFold } from "../../../graph/fold.js";
import { colour as themed, fit, font } from "../../../ui/canvas.js";
import { make } from "../../../ui/elements.js";
import { nats, ticks } from "../../../ui/numbers.js";
import { area, density, integrand, kl } from "./closed.js";
import { askCosts, both, slider } from "./parts.js";

const MODEL = "vae-2";
const FAR = 4; // of z, both ways
const FOOT = 22;
const TOP = 10;
const POINTS = 700;

export function gaussiansPart(lesson) {
  const mean = slider("Mean μ", -3.5, 3.5, 0.01, 1, (value) => nats(value), () => moved());
  // The slider is of log10 σ: a cloud may be a hundred times narrower than the prior.
  const deviation = slider("Standard deviation σ", -2, 0.5, 0.01, -0.3, (value) => (10 ** value).toPrecision(3), () => moved());
  const canvas = make("canvas", { className: "gaussians" });
  canvas.setAttribute("role", "img");
  const told = make("p", { className: "told" });
  const yours = ["z₁", "z₂"].map((words, i) => {
    const button = make("button", { type: "button", className: "plain" }, `Your digit's ${words}`);
    button.addEventListener("click", () => take(i));
    return button;
  });
  let followed = null; // which number of the visitor's code the sliders follow
  let code = null;

  function moved() {
    followed = null;
    paint();
  }

  function turn(control, value) {
    control.set(value);
    moved();
  }

  function take(i) {
    followed = i;
    if (code) {
      mean.set(code.mean[i]);
      deviation.set(Math.log10(code.spread[i]));
    }
    paint();
  }

  const at = () => [mean.value(), 10 ** deviation.value()];

  function paint() {
    yours.forEach((button, i) => {
      button.disabled = !code;
      button.ariaPressed = String(followed === i);
    });
    const [middle, width] = at();
    const exact = kl(middle, width);
    told.textContent = `KL(q ‖ p): ${both(exact)}. The area, added up in ${POINTS * 2} strips: ${nats(area(middle, width, POINTS * 2))} nats.`;
    canvas.setAttribute("aria-label", `Posterior with mean ${nats(middle)} and standard deviation ${width.toPrecision(3)}, and the standard Gaussian prior; the area between is ${nats(exact)} nats`);
    if (canvas.clientWidth) draw(canvas, middle, width);
  }

  new ResizeObserver(paint).observe(canvas);
  const key = make(
    "p",
    { className: "caption key" },
    make("span", { className: "line posterior" }), "posterior q ",
    make("span", { className: "line prior" }), "prior p ",
    make("span", { className: "swatch above" }), "q log(q/p) above 0 ",
    make("span", { className: "swatch below" }), "below 0",
  );

  return {
    element: make(
      "div",
      {},
      make("div", { className: "settings" }, mean.element, deviation.element, ...yours),
      key,
      canvas,
      told,
      mathsFold(["area", "closed form", "rate"]),
    ),
    async refresh() {
      const costs = await askCosts([MODEL]);
      code = costs?.models[0] ?? null;
      if (followed === null) paint();
      else take(followed);
      lesson.say(code ? `Your digit is read by ${MODEL}.` : "Draw a digit to see where its code lies.");
    },
    entries: [
      { name: "mean", kind: "number", range: [-3.5, 3.5], get: mean.value, set: (value) => turn(mean, value) },
      { name: "sigma", kind: "number", range: [0.01, 3.17], get: () => Number(at()[1].toPrecision(4)), set: (value) => turn(deviation, Math.log10(value)) },
    ],
  };
}

function draw(canvas, mean, deviation) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = fit(canvas, width, height);
  const zs = places(mean, deviation);
  const parts = zs.map((z) => integrand(z, mean, deviation));
  const [low, high] = [Math.min(0, ...parts), Math.max(0.45, density(mean, mean, deviation), ...parts)];
  const x = (z) => ((z + FAR) / (2 * FAR)) * width;
  const y = (value) => height - FOOT - ((value - low) / (high - low)) * (height - FOOT - TOP);
  const fill = (sign, name) => {
    context.beginPath();
    context.moveTo(x(zs[0]), y(0));
    zs.forEach((z, i) => context.lineTo(x(z), y(Math.max(0, sign * parts[i]) * sign)));
    context.lineTo(x(zs.at(-1)), y(0));
    context.fillStyle = themed(name);
    context.globalAlpha = 0.35;
    context.fill();
    context.globalAlpha = 1;
  };
  fill(1, "--accent");
  fill(-1, "--against");
  const line = (of, name, dash, wide) => {
    context.beginPath();
    for (const z of zs) context.lineTo(x(z), y(of(z)));
    context.strokeStyle = themed(name);
    context.lineWidth = wide;
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  };
  line(() => 0, "--rule-strong", [], 1);
  line((z) => density(z, 0, 1), "--soft", [6, 4], 1.5);
  line((z) => density(z, mean, deviation), "--accent", [], 2);
  context.fillStyle = themed("--soft");
  context.font = font(11.5);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const z of ticks(-FAR + 1, FAR - 1, 6)) context.fillText(String(z).replace("-", "−"), x(z), height - 3);
  context.fillText("z", width - 8, height - 3);
}

// Even steps, and finer ones where the posterior is.
function places(mean, deviation) {
  const even = Array.from({ length: POINTS }, (_, i) => -FAR + (2 * FAR * i) / (POINTS - 1));
  const near = Array.from({ length: POINTS }, (_, i) => mean + 5 * deviation * ((2 * i) / (POINTS - 1) - 1));
  return [...even, ...near.filter((z) => Math.abs(z) < FAR)].sort((one, other) => one - other);
}
