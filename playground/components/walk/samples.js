// The second part: digits from nothing, a grid of samples a model.

import { drawn } from "../engine/evaluation/rows.js";
import { LARGEST_SEED, newSeed } from "../engine/numbers/random.js";
import { coder } from "../state/coders.js";
import { newLatents } from "../state/sampling.js";
import { signal, watch } from "../state/signals.js";
import { tieRadios, tieRange } from "../ui/choices.js";
import { download, write } from "../ui/elements.js";
import { putOnCanvas } from "../ui/inkwell.js";
import { paintGrey } from "../ui/pixels.js";
import { Grid } from "./grid.js";
import { drawsRows } from "./rows.js";
import { sheet } from "./sheet.js";

const ACROSS = { 25: 5, 100: 10 }; // samples side by side, by how many there are

export function samples(element, page) {
  const find = (selector) => element.querySelector(selector);
  const grids = new Map(); // name -> Grid, for all that were ever chosen
  let taken = null;
  let seen = false;
  let stale = true;

  const count = signal("25");
  const temperature = signal(1);
  const seed = signal(1);
  const redraw = drawsRows(element, { draw, show, fail });
  const named = (wanted) => page.models().find(({ name }) => name === wanted);

  async function draw(name) {
    const facts = named(name);
    if (!facts) return null; // it is not chosen any more
    const many = Number(count.value);
    return drawn(coder(name), await newLatents(facts, many, temperature.value, seed.value), many);
  }

  function show(name, row) {
    if (row) grids.get(name).show(row, ACROSS[row.pictures.length]);
  }

  function fail(name, error) {
    grids.get(name).fail(error.message);
  }

  function refresh() {
    for (const { name } of page.models()) redraw(name);
    page.say(page.models().length ? "" : "Choose a model above.");
  }

  // A sample goes to the canvas; from here it can also become an end of a walk.
  function take(facts, row, i) {
    const words = `Sample ${i + 1} of ${facts.label}`;
    taken = { grey: row.pictures[i], words: `sample of ${facts.label}` };
    paintGrey(find(".taken canvas"), taken.grey, row.side);
    write(find(".taken .words"), `${words} is on the canvas.`);
    for (const button of element.querySelectorAll("[data-use]")) button.disabled = false;
    putOnCanvas(taken.grey, row.side, `${words}: you can draw on it.`);
    page.say(`${words} is on the canvas.`);
  }

  function changed() {
    stale = true;
    if (!seen) return;
    stale = false;
    refresh();
  }

  function arrange() {
    const list = page.models().map((facts) => {
      if (!grids.has(facts.name)) grids.set(facts.name, new Grid(facts, take));
      return grids.get(facts.name).element;
    });
    find(".grids").replaceChildren(...list);
  }

  async function save() {
    const rows = page.models().map(({ name }) => grids.get(name)).filter(({ row }) => row);
    if (!rows.length) {
      page.say("There is nothing to write. Choose a model first.");
      return;
    }
    download(await sheet(rows), `samples-${seed.value}.png`, "image/png");
    page.say("The file is written.");
  }

  tieRange(find("[name=temperature]"), temperature, find("[name=temperature] + output"), (value) => value.toFixed(2), page.life);
  tieRadios(find("[name=walk-count]").closest("fieldset"), count, page.life);
  const field = find("[name=seed]");
  field.addEventListener("input", () => {
    if (field.value && field.checkValidity()) seed.value = Number(field.value);
    else page.say("The seed is a whole number from 0 to 2,147,483,647.");
  });
  watch(() => seed.value, (value) => (field.value = value), page.life);
  watch(() => [temperature.value, seed.value, count.value], changed, page.life);
  find("[data-do=seed]").addEventListener("click", () => (seed.value = newSeed()));
  find("[data-do=png]").addEventListener("click", save);
  find("[name=dim]").addEventListener("change", ({ target }) => find(".grids").classList.toggle("dim", target.checked));
  for (const button of element.querySelectorAll("[data-use]")) {
    button.addEventListener("click", () => page.walkFrom(button.dataset.use, taken.grey, taken.words));
  }
  arrange();

  return {
    seen(visible) {
      if (visible === seen) return;
      seen = visible;
      if (seen && stale) changed();
    },
    choose() {
      arrange();
      changed();
    },
    table: () => [
      { name: "temperature", kind: "number", range: [0, 2], state: temperature },
      { name: "sample", kind: "whole", range: [0, LARGEST_SEED], state: seed },
      { name: "count", kind: "choice", names: Object.keys(ACROSS), state: count },
    ],
    paint() {},
  };
}
