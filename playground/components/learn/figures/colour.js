// Two networks whose target is not their input: one colours the drawing, one finds it in clutter.

import { LARGEST_SEED, newSeed } from "../../engine/numbers/random.js";
import { SIDE, digit } from "../../state/input.js";
import { fact } from "../../state/models.js";
import { onFrame, signal } from "../../state/signals.js";
import { tieRange } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
import { paintColour, paintGrey, paintMask, paintNothing } from "../../ui/pixels.js";
import { live } from "../parts.js";
import { coloured, segmented } from "./colour/made.js";

const STRENGTH = 0.75;
const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;

export async function mount(element, lesson) {
  const { classes, measured } = await (await fact("tasks")).json();
  const colouring = colouringPart(classes, measured);
  const finding = findingPart(() => again(), measured, lesson.signal);
  element.append(make("div", { className: "two-tasks" }, colouring.element, finding.element));

  const again = live(element, lesson, async () => {
    const drawn = digit.value;
    const made = drawn && await Promise.all([coloured(drawn, classes), segmented(drawn, ...finding.asked())]);
    colouring.show(drawn, made?.[0]);
    finding.show(made?.[1]);
    lesson.say(made ? inWords(classes, ...made) : "Draw a digit: one network colours it, the other looks for it.");
  });

  return finding.entries;
}

function inWords(classes, { shares }, { iou, threshold }) {
  const parts = shares
    .filter(([, share]) => share >= 0.005)
    .sort(([, one], [, other]) => other - one)
    .map(([number, share]) => `${percent(share)} ${classes[number].words} for ${number}`);
  return `Coloured ${parts.join(", ")}. Stroke found with an IoU of ${percent(iou)}; the best threshold has ${percent(threshold.iou)}.`;
}

function colouringPart(classes, { images, nearest_is_right: right }) {
  const grey = picture("Input: grey");
  const painted = picture("Output: in colour");
  const made = make("p", { className: "made" });
  const legend = make("ol", { className: "classes" });
  const measured = make("p", { className: "measured" });
  const rows = [];
  const element = part("Colour", pictures(grey, painted), made, legend, measured);

  function show(drawn, found) {
    if (!found) {
      for (const each of [grey, painted]) each.clear();
      for (const row of rows) row.set(0);
      made.textContent = "";
      return;
    }
    measured.textContent = images ? `On ${images.toLocaleString("en-GB")} test digits: nearest to the colour of the right class for ${percent(right, 1)}.` : "";
    if (!rows.length) rows.push(...classes.map(classRow));
    if (!legend.childElementCount) legend.append(...rows.map((row) => row.element));
    paintGrey(grey.canvas, drawn, SIDE);
    paintColour(painted.canvas, found.painted, SIDE);
    const shares = new Map(found.shares);
    rows.forEach((row, number) => row.set(shares.get(number) ?? 0));
    const dot = make("span", { className: "swatch" });
    dot.style.background = `rgb(${found.colour.join(" ")})`;
    const { words } = classes[found.nearest];
    made.replaceChildren(dot, `Red, green, blue: ${found.colour.join(", ")}. Nearest: the ${words} of ${found.nearest}.`);
  }

  return { element, show };
}

// A class of the legend: its colour, its name, and how much of it is in the picture.
function classRow({ colour, words }, number) {
  const swatch = make("span", { className: "swatch" });
  const fill = make("span");
  const share = make("span", { className: "share" });
  swatch.style.background = fill.style.background = colour;
  const bar = make("span", { className: "amount", ariaHidden: "true" }, fill);
  const name = make("span", { className: "name" }, make("b", {}, String(number)), ` ${words}`);
  return {
    element: make("li", {}, swatch, name, bar, share),
    set(amount) {
      fill.style.width = `${100 * amount}%`;
      share.textContent = percent(amount);
    },
  };
}

function findingPart(again, known, life) {
  const seen = picture("Input: in front of clutter");
  const odds = picture("Output: how sure it is of stroke");
  const mask = picture("Its stroke: sure by half or more");
  const cut = picture("Best threshold");
  const strength = signal(STRENGTH);
  const seed = signal(1);
  const range = make("input", { type: "range", min: 0, max: 1, step: 0.05, ariaLabel: "Strength of the clutter" });
  const output = make("output", {});
  tieRange(range, strength, output, (value) => percent(value), life);
  const another = make("button", { type: "button", className: "plain" }, "Another background");
  another.addEventListener("click", () => (seed.value = newSeed()));
  onFrame(() => [strength.value, seed.value], again, life);

  const measured = make("p", { className: "measured" });
  const key = make(
    "p",
    { className: "key" },
    make("span", { className: "swatch found" }),
    "taken for stroke ",
    make("span", { className: "swatch missed" }),
    "stroke missed",
  );
  const element = part(
    "Segmentation",
    make("div", { className: "settings" }, another, make("label", { className: "field" }, make("span", {}, "Clutter"), range, output)),
    pictures(seen, odds, mask, cut),
    key,
    measured,
  );

  function show(found) {
    if (!found) {
      for (const each of [seen, odds, mask, cut]) each.clear();
      return;
    }
    const { iou, threshold } = found;
    measured.textContent = known.images ? onTestDigits(known, strength.value) : "";
    paintGrey(seen.canvas, found.seen, SIDE);
    paintGrey(odds.canvas, found.odds, SIDE);
    paintMask(mask.canvas, found.mask, found.truth, SIDE);
    paintMask(cut.canvas, found.cut, found.truth, SIDE);
    mask.note.textContent = `IoU ${percent(iou)}`;
    cut.note.textContent = `IoU ${percent(threshold.iou)}, from grey ${Math.round(255 * threshold.level)} on`;
  }

  return {
    element,
    show,
    asked: () => [strength.value, seed.value],
    entries: [
      { name: "clutter", kind: "number", range: [0, 1], state: strength },
      { name: "sample", kind: "whole", range: [0, LARGEST_SEED], state: seed },
    ],
  };
}

// What was measured at the strength of clutter that is nearest to this one.
function onTestDigits({ images, clutter }, strength) {
  const far = (other) => Math.abs(Number(other) - strength);
  const [at, numbers] = Object.entries(clutter).reduce((one, other) => (far(other[0]) < far(one[0]) ? other : one));
  return `On ${images.toLocaleString("en-GB")} test digits with ${percent(at)} clutter: IoU ${percent(numbers.iou)}, the best threshold for each ${percent(numbers.iou_best_threshold)}.`;
}

function part(title, ...children) {
  const element = make("section", {}, make("h4", {}, title), ...children);
  element.setAttribute("aria-label", title);
  return element;
}

function pictures(...each) {
  return make("div", { className: "pictures" }, ...each.map(({ element }) => element));
}

// A picture with its name and a line for a number below it.
function picture(words) {
  const canvas = make("canvas", { className: "pixels", role: "img", ariaLabel: words });
  const note = make("span", { className: "note" });
  const element = make("figure", {}, canvas, make("figcaption", {}, words, note));
  const clear = () => {
    paintNothing(canvas, SIDE);
    note.textContent = "";
  };
  clear();
  return { element, canvas, note, clear };
}
