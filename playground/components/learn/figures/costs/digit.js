// Distortion and rate of the visitor's digit by several models, in nats, in bits, or in nats a pixel.

import { segments } from "../../../ui/choices.js";
import { make } from "../../../ui/elements.js";
import { nats, perPixel } from "../../../ui/numbers.js";
import { paintGrey, paintNothing } from "../../../ui/pixels.js";
import { MODELS, askCosts, inBits } from "./parts.js";

const SIDE = 28;
const SILENT = 0.01; // nats; a number that tells less than this tells nothing

export function digitPart(lesson) {
  const rows = MODELS.map(([name, label]) => row(name, label));
  const floor = make("p", { className: "caption" });
  let unit = "nats";
  let costs = null;

  function show() {
    const most = Math.max(1, ...(costs?.models ?? []).map(({ distortion, rate }) => distortion + rate));
    rows.forEach((each, i) => each.show(costs?.models[i], unit, most));
    const perfect = costs && written(costs.floor, unit);
    floor.textContent = costs
      ? `Even a perfect reconstruction of this digit has a distortion of ${perfect}, because a grey pixel says neither black nor white for certain. ` +
        "Distortions are averages over 16 codes from the cloud."
      : "";
  }

  const choice = segments("costs-unit", "Unit", [["nats", "nats"], ["bits", "bits"], ["pixel", "nats a pixel"]], (value) => {
    unit = value;
    show();
  });
  const heads = ["Model", "Distortion", "Rate", "Sum"].map((words) => make("th", { scope: "col" }, words));
  const key = make(
    "p",
    { className: "caption key" },
    make("span", { className: "swatch distortion" }), "distortion ",
    make("span", { className: "swatch rate" }), "rate",
  );
  const table = make(
    "table",
    { className: "costs-table" },
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows.map(({ element }) => element)),
  );

  return {
    element: make("div", {}, make("div", { className: "settings" }, choice, key), table, floor),
    async refresh() {
      costs = await askCosts(MODELS.map(([name]) => name));
      show();
      lesson.say(costs ? "" : "Draw a digit or choose an example.");
    },
    entries: [],
  };
}

function written(value, unit) {
  if (unit === "pixel") return `${perPixel(value)} nats a pixel`; // as many tutorials have it
  return `${nats(unit === "bits" ? inBits(value) : value)} ${unit}`;
}

function row(name, label) {
  const canvas = make("canvas", { className: "pixels" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `What ${label} draws of the mean of its cloud`);
  paintNothing(canvas, SIDE);
  const bar = make("div", { className: "costs-bar", ariaHidden: "true" }, make("span", { className: "distortion" }), make("span", { className: "rate" }));
  const told = make("p", { className: "caption" });
  const cells = ["distortion", "rate", "sum"].map(() => make("td", {}, "–"));
  const head = make("th", { scope: "row" }, make("div", { className: "drawn" }, canvas, make("div", {}, label, make("p", { className: "caption" }, name))));
  const element = make("tr", {}, head, ...cells);
  cells[2].append(bar, told);

  return {
    element,
    show(costs, unit, most) {
      if (!costs) {
        paintNothing(canvas, SIDE);
        for (const cell of cells.slice(0, 2)) cell.textContent = "–";
        cells[2].replaceChildren("–");
        return;
      }
      paintGrey(canvas, costs.picture, SIDE);
      const { distortion, rate, rates } = costs;
      [distortion, rate].forEach((value, i) => {
        cells[i].textContent = written(value, unit);
        bar.children[i].style.width = `${(100 * value) / most}%`;
      });
      const speaking = rates.filter((value) => value >= SILENT).length;
      told.textContent = `${speaking} of ${rates.length} numbers say something of this digit`;
      cells[2].replaceChildren(written(distortion + rate, unit), bar, told);
    },
  };
}
