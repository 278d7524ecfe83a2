// The third part: a - b + c, in pixels and in every chosen model's codes.

import { newest } from "../engine/newest.js";
import { readRows } from "../engine/rows.js";
import { ask, pack } from "../engine/wire.js";
import { input } from "../state/input.js";
import { putOnCanvas } from "../ui/inkwell.js";
import { Slot } from "../ui/slot.js";
import { readSlots, writeSlots } from "../ui/slotlink.js";
import { PIXELS } from "./rows.js";
import { Sum } from "./sum.js";

const ADDED = { ...PIXELS, label: "Pixels", sentence: "No model: the pixels added up, cut off at black and white." };
const TERMS = [["a", 8, ""], ["b", 3, "−"], ["c", "drawing", "+"]];

export function sums(element, page) {
  const find = (selector) => element.querySelector(selector);
  const rows = new Map(); // name -> Sum, for all that were ever chosen
  let slots = [];
  let seen = false;
  let stale = true;

  const refresh = newest(redraw, (busy) => element.setAttribute("aria-busy", busy));

  async function redraw() {
    if (slots.some(({ words }) => !words)) return; // yet to hear what is in it
    if (slots.some(({ grey }) => !grey)) {
      for (const row of rows.values()) row.show(null);
      page.say("Draw a digit, or choose another for the empty place.");
      return;
    }
    try {
      const header = { models: page.models().map(({ name }) => name), judged: !input.drawing };
      const digits = new Uint8Array(slots.flatMap(({ grey }) => [...grey]));
      const reply = await ask("live/arithmetic", pack(header, digits));
      const { header: { steps }, rows: found } = readRows(await reply.arrayBuffer());
      for (const row of found) rows.get(row.name)?.show(row, steps);
      page.say("");
    } catch (error) {
      page.say(error.message);
    }
  }

  function changed() {
    stale = true;
    if (!seen || slots.length < TERMS.length) return;
    stale = false;
    refresh();
  }

  function arrange() {
    const list = [ADDED, ...page.models()].map((facts) => {
      if (!rows.has(facts.name)) rows.set(facts.name, new Sum(facts, take));
      return rows.get(facts.name).element;
    });
    find(".sums").replaceChildren(...list);
  }

  function take(facts, grey, side) {
    putOnCanvas(grey, side, `The result of ${facts.label}: you can draw on it.`);
    page.say(`The result of ${facts.label} is on the canvas.`);
  }

  // The slots are filled when the part is first opened.
  function open() {
    slots = TERMS.map(([name, start]) => new Slot(name, start, changed));
    const signs = TERMS.map(([, , sign]) => Object.assign(document.createElement("span"), { className: "sign", textContent: sign }));
    find(".terms").append(...slots.flatMap((slot, i) => (i ? [signs[i], slot.element] : [slot.element])));
  }

  arrange();

  return {
    seen(visible) {
      if (visible === seen) return;
      seen = visible;
      if (seen && !slots.length) open();
      if (seen && stale) changed();
    },
    choose() {
      arrange();
      changed();
    },
    read: async () => ({ from: await writeSlots(slots) }),
    apply(link) {
      if (!slots.length) open();
      return readSlots(slots, link, "from");
    },
    paint() {},
  };
}
