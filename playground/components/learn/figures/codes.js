// Codes: the drawing as a grid of numbered pieces. Another number in one cell is another patch of the picture.

import { codesOf, countOf, latentsOf, numbersOf } from "../../engine/latent/codes.js";
import { noisyDigit } from "../../state/input.js";
import { layersOf } from "../../state/coders.js";
import { decode, encode } from "../../state/latents.js";
import { about } from "../../state/models.js";
import { onFrame, signal } from "../../state/signals.js";
import { make } from "../../ui/elements.js";
import { paintDifference, paintGrey, paintNothing } from "../../ui/pixels.js";
import { live } from "../parts.js";
import { grid } from "./codes/grid.js";
import { pieces } from "./codes/pieces.js";

const SIDE = 28;
const KEPT = -1; // in a link: the cell has the number that the encoder gave it

export async function mount(element, lesson) {
  const model = (await about()).models.find(({ codes }) => codes);
  const codes = model && codesOf(await layersOf(model.name));
  if (!codes) throw new Error("This figure needs a model whose code is a grid of codes, and none is here.");
  const [rows, count] = [Math.sqrt(codes.cells), countOf(codes)];
  const cell = signal(Math.floor(codes.cells / 2));
  const number = signal(KEPT); // of that cell
  let own = KEPT; // the number that the visitor gave it here
  let others = new Map(); // the numbers that the visitor gave to other cells
  let seen = null; // the picture that the model saw
  let given = null; // the number in each cell, by the encoder

  const cells = grid(rows, choose);
  const choice = pieces(count, SIDE, take);
  const [drawing, picture, change] = ["Your digit", "Drawn from the numbers", "What your numbers changed"].map((words) => shown(words));
  const back = make("button", { type: "button", className: "plain" }, "As the encoder has it");

  const numbers = () => given.map((each, i) => (i === cell.value && number.value !== KEPT ? number.value : others.get(i) ?? each));

  const again = live(element, lesson, async () => {
    const found = noisyDigit.value?.picture ?? null;
    if (found !== seen) await look(found);
    else own = number.value;
    drawing.paint(found && ((canvas) => paintGrey(canvas, found, SIDE)));
    back.disabled = !given || (number.value === KEPT && others.size === 0);
    if (!given) return show(null);
    const mine = numbers();
    const tries = Array.from({ length: count }, (_, code) => mine.with(cell.value, code));
    const [before, after, ...drawn] = await decode(model.name, [given, mine, ...tries].map((each) => latentsOf(each, codes)));
    return show({ mine, before, after, drawn });
  });

  // Another drawing has numbers of its own: those that the visitor gave to the last one go, a link's stay.
  async function look(found) {
    seen = found;
    const before = String(given);
    given = found && numbersOf((await encode(model.name, [found]))[0], codes);
    if (String(given) === before) return;
    others = new Map();
    set(number.value === own ? KEPT : number.value);
  }

  function set(code) {
    own = code;
    number.value = code;
  }

  function show(now) {
    cells.show(now?.mine ?? null, given, cell.value);
    choice.show(now?.drawn ?? null, now?.mine[cell.value], given?.[cell.value], place());
    picture.paint(now && ((canvas) => paintGrey(canvas, now.after, SIDE)));
    change.paint(now && ((canvas) => paintDifference(canvas, now.after, now.before, SIDE)));
    lesson.say(now ? inWords(now) : "Draw a digit, and see the numbers that it becomes.");
  }

  function inWords({ mine, before, after }) {
    const used = `This digit takes ${new Set(mine).size} of the ${count} codes: ${codes.cells} cells, ${(codes.cells * Math.log2(count) / 8).toFixed(0)} bytes.`;
    const changed = mine.filter((each, i) => each !== given[i]).length;
    if (!changed) return `${used} Take a cell, and give it another number.`;
    const pixels = after.filter((each, i) => Math.abs(each - before[i]) > 25).length;
    return `${used} ${changed === 1 ? "One cell has" : `${changed} cells have`} another number, and ${pixels} of ${SIDE * SIDE} pixels changed by a tenth or more.`;
  }

  const place = () => [Math.floor(cell.value / rows), cell.value % rows].map((each) => (each + 0.5) * SIDE / rows);

  // Another cell is taken, and the one before keeps its number.
  function choose(next) {
    if (number.value !== KEPT) others.set(cell.value, number.value);
    const kept = others.get(next) ?? KEPT;
    others.delete(next);
    cell.value = next;
    set(kept);
  }

  function take(code) {
    set(code === given?.[cell.value] ? KEPT : code);
  }

  cells.element.addEventListener("step", ({ detail }) => given && take((numbers()[cell.value] + detail + count) % count));
  back.addEventListener("click", () => {
    others.clear();
    set(KEPT);
    again();
  });
  onFrame(() => [cell.value, number.value], again, lesson.signal);
  element.append(
    make("div", { className: "codes" },
      drawing.element,
      make("figure", { className: "numbers" }, cells.element, make("figcaption", {}, "Its code: one number a cell")),
      picture.element,
      change.element,
    ),
    make("div", { className: "settings" }, make("span", { className: "what" }, "What this cell could be"), back),
    choice.element,
  );
  return [
    { name: "cell", kind: "whole", range: [0, codes.cells - 1], state: cell },
    { name: "code", kind: "whole", range: [KEPT, count - 1], default: KEPT, state: number },
  ];
}

// A picture with its words below; nothing, or what paints it.
function shown(words) {
  const canvas = make("canvas", { className: "pixels", ariaLabel: words, role: "img" });
  const paint = (how) => (how ? how(canvas) : paintNothing(canvas, SIDE));
  paint(null);
  return { element: make("figure", {}, canvas, make("figcaption", {}, words)), paint };
}
