// The strip of cards: what every chosen model makes of the drawing, while the pen moves.

import { LARGEST_SEED, newSeed } from "../engine/numbers/random.js";
import { arriving, fetchAhead } from "../state/coders.js";
import { asked, digit, input, noisyDigit, pending, trouble, views, want } from "../state/input.js";
import { known, onModels, served, silence } from "../state/models.js";
import { computed, signal, watch } from "../state/signals.js";
import { onTheme } from "../ui/canvas.js";
import { picker, tieBox, tieRadios } from "../ui/choices.js";
import { speaker, write } from "../ui/elements.js";
import { late, onView } from "../ui/late.js";
import { decibels, squares } from "../ui/numbers.js";
import { paintGrey, paintNothing, paintRamp } from "../ui/pixels.js";
import { Card, peek } from "./card.js";

const REST = 250; // ms without a change before the slower parts follow
const PATIENCE = 400; // ms of silence before the page says that it is waiting
const SIDE = 28;

export function mount(element, { props, signal: life }) {
  const find = (selector) => element.querySelector(selector);
  const chosen = signal(props.chosen); // names
  const order = signal("listed");
  const numbers = signal(false); // whether they are on show
  const part = signal("cards"); // the part of the tab that is in view
  const hidden = signal(false); // behind another tab
  const models = computed(() => (known.value ?? []).filter(({ error }) => !error));
  const shown = computed(() => models.value.filter(({ name }) => chosen.value.includes(name)));
  const names = computed(() => shown.value.map(({ name }) => name));
  const cards = new Map(); // name -> Card, for all that were ever chosen
  const enlarger = late(async () => {
    const script = await import("./enlarge.js");
    return script.enlarger(find("dialog"));
  });
  const tell = speaker(find(".unseen"));
  const choice = picker(find(".choice"), "Models to compare", (wanted) => (chosen.value = wanted));
  const finder = late(async () => (await import("./findings.js")).findingsOf(comment));
  const small = peek(find(".peek"), find(".strip"), life);
  const poster = late(async () => {
    const made = (await import("./poster.js")).poster(find(".poster"), part, life);
    onModels((all) => made.offer(all), life);
    watch(() => [digit.value, input.drawing.value, hidden.value], () => hidden.value || made.changed(), life);
    return made;
  });
  const curves = late(async () => (await import("./noise-curves.js")).noiseCurves(find("#psnr-plot"), life));
  let curvesViewed = false;
  let waiting = 0;
  let settling = 0;
  let sent = 0; // when what is on show was asked for

  // Paints what there is to see. While another tab is open nobody does.
  function show() {
    if (hidden.value || !known.value) return;
    const empty = !input.ink.value;
    if (digit.value) paintInput(digit.value, noisyDigit.value);
    else if (empty) paintNoInput();
    for (const [name, card] of cards) {
      const view = views.value.get(name) ?? null;
      if (card.view !== view && (view || empty)) card.show(view);
    }
    judge(empty ? [] : shown.value.map(({ name }) => views.value.get(name)).filter(Boolean));
    if (asked.value > sent) {
      sent = asked.value;
      element.dispatchEvent(new CustomEvent("drawn", { bubbles: true, detail: { sent } }));
    }
    if (pending.value) return;
    small.paint();
    say(trouble.value || notice(empty));
    find(".cards-zone").ariaBusy = String(pending.value);
    settle();
  }

  function notice(empty) {
    if (empty) return "Draw a digit or choose an example.";
    return chosen.value.length ? "" : "Choose a model above.";
  }

  function paintInput(clean, noisy) {
    paintGrey(find("[data-picture=clean]"), clean, SIDE);
    paintGrey(find("[data-picture=noisy]"), noisy.picture, SIDE);
    write(find(".source [data-number=psnr]"), decibels(noisy.psnr));
    write(find(".source [data-number=mse]"), squares(noisy.mse));
  }

  function paintNoInput() {
    for (const canvas of element.querySelectorAll(".source .pixels")) paintNothing(canvas, SIDE);
    for (const cell of element.querySelectorAll(".source [data-number]")) cell.textContent = "–";
  }

  // What the models did to the digit is said a little later.
  async function judge(list) {
    try {
      (await finder())(list);
    } catch (error) {
      say(error.message);
    }
  }

  function comment(words) {
    for (const [name, card] of cards) card.say(words.get(name) ?? "");
    if (!input.drawing.value && digit.value) tell(inWords(words));
  }

  // What all cards say, for those who cannot see them change.
  function inWords(words) {
    const seen = shown.value.filter(({ name }) => words.has(name));
    return seen.map(({ name, label }) => `${label} ${words.get(name)}`).join(", ");
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

  function cardOf(model) {
    if (!cards.has(model.name)) cards.set(model.name, new Card(find(".card-template"), model, enlarge));
    return cards.get(model.name);
  }

  // The cards of the chosen models, in the wanted order.
  function arrange() {
    const list = shown.value.map(cardOf);
    if (order.value === "best") list.sort((a, b) => (b.view?.psnr ?? Infinity) - (a.view?.psnr ?? Infinity));
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
      if (input.drawing.value || hidden.value) return;
      arrange();
      showCurves();
    }, REST);
  }

  async function showCurves() {
    if (!curvesViewed) return;
    try {
      await (await curves())(shown.value);
    } catch (error) {
      say(error.message);
    }
  }

  // Models come and go with the runs of this browser.
  function fill(found) {
    const there = new Set(models.value.map(({ name }) => name));
    for (const name of [...cards.keys()]) if (!there.has(name)) cards.delete(name);
    if (!chosen.value.every((name) => there.has(name))) chosen.value = chosen.value.filter((name) => there.has(name));
    choice.offer(found, chosen.value);
  }

  const paintScale = () => paintRamp(find(".ramp"));

  // The poster is loaded once it comes into sight, or a link points at it.
  async function seePoster(viewed) {
    try {
      (await poster()).seen(viewed);
    } catch (error) {
      say(error.message);
    }
  }

  onView(find(".poster"), seePoster, life);
  onView(find("#psnr-plot"), (viewed) => {
    curvesViewed = viewed;
    showCurves();
  }, life);
  find("[data-do=sample]").addEventListener("click", () => (input.sample.value = newSeed()));
  find("[data-do=mean]").addEventListener("click", () => (input.sample.value = null));
  onTheme(() => {
    paintScale();
    for (const card of cards.values()) card.paint();
  }, life);
  paintScale();
  say("Loading the models.");
  watch(() => silence.value, (sentence) => sentence && say(sentence), life);

  return new Promise((resolve) => {
    let begun = false;
    onModels((found) => {
      fill(found);
      if (begun) return;
      begun = true;
      begin();
      resolve([
        { name: "models", kind: "names", names: () => models.value.map(({ name }) => name), get: () => names.value, set: (wanted) => (chosen.value = wanted) },
        { name: "part", kind: "choice", names: ["cards", "poster"], default: "cards", state: part },
        { name: "order", kind: "choice", names: ["listed", "best"], state: order },
        { name: "numbers", kind: "switch", default: false, state: numbers },
        { name: "sample", kind: "whole", range: [0, LARGEST_SEED], default: null, state: input.sample },
      ]);
    }, life);
  });

  function begin() {
    watch(() => (hidden.value ? null : names.value), (list) => want(element, list), life);
    watch(() => [shown.value, order.value], arrange, life);
    watch(() => part.value === "poster", (wanted) => wanted && seePoster(true), life);
    watch(() => names.value, (list) => {
      choice.show(list);
      find(".sampling").hidden = !shown.value.some(({ samples }) => samples);
    }, life);
    watch(() => input.sample.value, (seed) => (find("[data-do=mean]").disabled = seed === null), life);
    tieRadios(find(".order"), order, life);
    tieBox(find("[name=numbers]"), numbers, life);
    watch(() => numbers.value, (on) => {
      find(".cards-zone").classList.toggle("numbered", on);
      resized();
    }, life);
    watch(() => [pending.value && !hidden.value, views.value], ([busy]) => {
      clearTimeout(waiting);
      if (hidden.value) find(".cards-zone").ariaBusy = "false"; // nobody waits for it
      if (!busy) return;
      find(".cards-zone").ariaBusy = "true";
      waiting = setTimeout(() => say(served() ? "Waiting for the server." : "Waiting for the models."), PATIENCE);
    }, life);
    watch(() => arriving.value, (shares) => cards.forEach((card, name) => card.arriving(shares.get(name))), life);
    watch(() => [views.value, digit.value, asked.value, pending.value, trouble.value, input.drawing.value, input.ink.value, names.value, hidden.value], show, life);
    show();
    whenIdle(() => fetchAhead(models.value.map(({ name }) => name)).catch(() => {})); // asked again when wanted
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    life.addEventListener("abort", () => {
      observer.disconnect();
      want(element, null);
    });
  }

  function resized() {
    hidden.value = element.offsetParent === null;
    if (!hidden.value) for (const card of cards.values()) card.paint();
  }
}

const whenIdle = (work) => (window.requestIdleCallback ?? setTimeout)(work);
