// The strip of cards: asks the server while the pen moves, and shows what every model answers.

import { pack } from "../engine/bytes.js";
import { LARGEST_SEED, newSeed } from "../engine/random.js";
import { readViews } from "../engine/replies.js";
import { Busy, ask, newest, pause } from "../engine/wire.js";
import { input, listen } from "../state/input.js";
import { contribute } from "../state/link.js";
import { onModels, onTrouble } from "../state/models.js";
import { chips } from "../ui/choices.js";
import { speaker, turn, write } from "../ui/elements.js";
import { explain } from "../ui/hints.js";
import { late } from "../ui/late.js";
import { decibels, squares } from "../ui/numbers.js";
import { paintGrey, paintNothing, paintRamp } from "../ui/pixels.js";
import { onView } from "../ui/plotly.js";
import { onTheme } from "../ui/theme.js";
import { Card, peek } from "./card.js";

const REST = 250; // ms without a change before the slower parts follow
const PATIENCE = 400; // ms of silence before the page says that it is waiting

export function mount(element, { props, signal }) {
  const find = (selector) => element.querySelector(selector);
  const cards = new Map(); // name -> Card, for all that were ever chosen
  const chosen = new Set(props.chosen);
  const enlarger = late(async () => (await import("./enlarge.js")).enlarger(find("dialog"), props.terms));
  const tell = speaker(find(".unseen"));
  const small = peek(find(".peek"), find(".strip"), signal);
  let models = [];
  let sampleSeed = null;
  const curves = late(async () => (await import("./noise-curves.js")).noiseCurves(find("#psnr-plot"), signal));
  let curvesViewed = false;
  let settling = 0;
  let hidden = false; // behind another tab
  let stale = false;
  let filled = false;

  const names = () => models.map(({ name }) => name).filter((name) => chosen.has(name));

  const header = () => ({
    models: names(),
    noise: input.noise,
    sample: sampleSeed,
    width: input.ink.width,
    height: input.ink.height,
  });

  const refresh = newest(redraw, (busy) => {
    find(".cards-zone").setAttribute("aria-busy", busy);
    if (!busy) settle(); // what a slow server answers late may change the order
  });

  async function redraw(flight) {
    if (!input.ink) {
      showNothing();
      return;
    }
    const waiting = setTimeout(() => say("Waiting for the server."), PATIENCE);
    try {
      const sent = performance.now();
      const reply = await ask("live/reconstruct", pack(header(), input.ink.bytes), { asker: "cards", signal: flight });
      show(readViews(await reply.arrayBuffer()));
      say(chosen.size ? "" : "Choose a model above.");
      element.dispatchEvent(new CustomEvent("drawn", { bubbles: true, detail: { sent } }));
    } catch (error) {
      clearTimeout(waiting);
      if (flight.aborted) return; // a newer one follows
      if (!(error instanceof Busy)) {
        say(error.message);
        return;
      }
      await pause(error);
      refresh(); // with what is drawn by then
    } finally {
      clearTimeout(waiting);
    }
  }

  function show({ side, clean, noisy, views }) {
    paintGrey(find("[data-picture=clean]"), clean, side);
    paintGrey(find("[data-picture=noisy]"), noisy.picture, side);
    write(find(".source [data-number=psnr]"), decibels(noisy.psnr));
    write(find(".source [data-number=mse]"), squares(noisy.mse));
    for (const view of views) cards.get(view.name)?.show(view);
    small.paint();
    if (!input.drawing) tell(inWords(views));
  }

  // The numbers of all cards, for those who cannot see them change.
  function inWords(views) {
    const label = (name) => cards.get(name)?.facts.label ?? name;
    return views.map(({ name, psnr }) => `${label(name)} ${decibels(psnr)}`).join(", ");
  }

  function showNothing() {
    for (const canvas of element.querySelectorAll(".source .pixels")) paintNothing(canvas, 28);
    for (const cell of element.querySelectorAll(".source [data-number]")) cell.textContent = "–";
    for (const card of cards.values()) card.show(null);
    small.paint();
    say("Draw a digit or choose an example.");
  }

  async function enlarge(card) {
    try {
      (await enlarger())(card);
    } catch (error) {
      say(error.message);
    }
  }

  function say(sentence) {
    write(find(".notice"), sentence);
  }

  // The cards of the chosen models, in the wanted order.
  function arrange() {
    const list = models.filter(({ name }) => chosen.has(name)).map(({ name }) => cards.get(name));
    if (find("[name=order]:checked").value === "best") {
      list.sort((a, b) => (b.view?.psnr ?? Infinity) - (a.view?.psnr ?? Infinity));
    }
    const wanted = list.map((card) => card.element);
    const strip = find(".models");
    if (wanted.some((card, i) => strip.children[i] !== card) || strip.childElementCount !== wanted.length) {
      strip.replaceChildren(...wanted);
      small.arrange(list);
    }
  }

  // The slower parts: the order of the cards, and the curves below them.
  function settle() {
    clearTimeout(settling);
    settling = setTimeout(() => {
      if (input.drawing) return;
      arrange();
      showCurves();
    }, REST);
  }

  async function showCurves() {
    if (!curvesViewed) return;
    try {
      const follow = await curves();
      await follow(models.filter(({ name }) => chosen.has(name)));
    } catch (error) {
      say(error.message);
    }
  }

  // While another tab is open nobody sees the cards; they catch up when theirs is opened again.
  function changed() {
    stale = hidden;
    if (hidden) return;
    refresh();
    settle();
  }

  function resized() {
    hidden = element.offsetParent === null;
    if (hidden) return;
    for (const card of cards.values()) card.paint();
    if (stale) changed();
  }

  function sample(seed) {
    sampleSeed = seed;
    find("[data-do=mean]").disabled = seed === null;
    changed();
  }

  function choose(name, on) {
    if (on) chosen.add(name);
    else chosen.delete(name);
    find(".sampling").hidden = !models.some((model) => model.samples && chosen.has(model.name));
    arrange();
    changed();
  }

  // Models come and go with the runs of this browser.
  function fill(found) {
    models = found.filter(({ error }) => !error);
    const there = new Set(models.map(({ name }) => name));
    for (const name of [...chosen]) if (!there.has(name)) chosen.delete(name);
    for (const name of [...cards.keys()]) if (!there.has(name)) cards.delete(name);
    for (const model of models) {
      if (!cards.has(model.name)) cards.set(model.name, new Card(find(".card-template"), model, enlarge));
    }
    find(".chips").replaceChildren(...chips(found, chosen, choose));
    find(".sampling").hidden = !models.some((model) => model.samples && chosen.has(model.name));
    arrange();
    changed();
  }

  const link = {
    read: () => ({ models: names().join(","), order: find("[name=order]:checked").value, sample: sampleSeed }),
    apply(said) {
      const wanted = said.names("models", models.map(({ name }) => name));
      for (const box of find(".chips").querySelectorAll("input:enabled")) {
        if (wanted) turn(box, wanted.includes(box.value));
      }
      const order = said.choice("order", ["listed", "best"]);
      if (order) turn(find(`[name=order][value=${order}]`), true);
      sample(said.number("sample", 0, LARGEST_SEED, true));
    },
  };

  function paintScale() {
    paintRamp(find(".ramp"));
  }

  explain(find(".cards-zone"), props.terms, signal);
  onView(find("#psnr-plot"), (viewed) => {
    curvesViewed = viewed;
    showCurves();
  }, signal);
  find("[data-do=sample]").addEventListener("click", () => sample(newSeed()));
  find("[data-do=mean]").addEventListener("click", () => sample(null));
  find(".order").addEventListener("change", arrange);
  onTheme(() => {
    paintScale();
    for (const card of cards.values()) card.paint();
  }, signal);
  paintScale();
  say("Loading the models.");
  onTrouble(say, signal);
  onModels((found) => {
    const first = !filled;
    filled = true;
    fill(found);
    if (!first) return;
    listen(changed, signal);
    contribute("reconstruct", link);
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect());
  }, signal);
}
