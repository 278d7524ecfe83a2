// The second part: digits from nothing, a grid of samples a model.

import { pack } from "../engine/bytes.js";
import { LARGEST_SEED, newSeed } from "../engine/random.js";
import { readRows } from "../engine/replies.js";
import { ask, newest } from "../engine/wire.js";
import { signal, watch } from "../state/signals.js";
import { tieRadios, tieRange } from "../ui/choices.js";
import { download, write } from "../ui/elements.js";
import { putOnCanvas } from "../ui/inkwell.js";
import { paintGrey } from "../ui/pixels.js";
import { dark } from "../ui/theme.js";
import { Grid } from "./grid.js";

const ACROSS = { 25: 5, 100: 10 }; // samples side by side, by how many there are
const NONE = new Uint8Array();

export function samples(element, page) {
  const find = (selector) => element.querySelector(selector);
  const grids = new Map(); // name -> Grid, for all that were ever chosen
  let taken = null;
  let seen = false;
  let stale = true;

  const count = signal("25");
  const temperature = signal(1);
  const seed = signal(1);
  const request = () => ({
    models: page.models().map(({ name }) => name),
    count: Number(count.value),
    temperature: temperature.value,
    seed: seed.value,
  });

  const refresh = newest(redraw, (busy) => element.setAttribute("aria-busy", busy));

  async function redraw(flight) {
    try {
      const reply = await ask("live/sample", pack({ ...request(), judged: true }, NONE), { signal: flight });
      show(readRows(await reply.arrayBuffer()));
    } catch (error) {
      if (!flight.aborted) page.say(error.message);
    }
  }

  function show({ header, rows }) {
    rows.forEach((row, i) => grids.get(row.name)?.show(row, header.prior[i], ACROSS[header.count]));
    for (const [name, sentence] of Object.entries(header.failed)) grids.get(name)?.fail(sentence);
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
    page.say("Writing the file.");
    try {
      const asked = { ...request(), judged: false, across: ACROSS[count.value], dark: dark() };
      const reply = await ask("live/sample-sheet", pack(asked, NONE));
      download(await reply.arrayBuffer(), `samples-${asked.seed}.png`, "image/png");
      page.say("The file is written.");
    } catch (error) {
      page.say(error.message);
    }
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
