// The first part: digits to walk between, and one film a model.

import { fade, filmOf } from "../engine/evaluation/rows.js";
import { coder } from "../state/coders.js";
import { signal, watch } from "../state/signals.js";
import { tieRadios, tieRange } from "../ui/choices.js";
import { write } from "../ui/elements.js";
import { slotEntry } from "../ui/slotlink.js";
import { ends } from "./ends.js";
import { Player } from "./player.js";
import { PIXELS, drawsRows, verdict } from "./rows.js";
import { save } from "./save.js";
import { Screen } from "./strip.js";

const FADE = { ...PIXELS, label: "Cross-fade", sentence: "No model: one picture fades into the other, pixel by pixel." };
const PATHS = ["straight", "spherical"];
const FRAMES = { pair: { min: 8, max: 64, value: 24 }, tour: { min: 4, max: 24, value: 12 } };

export function films(element, page) {
  const find = (selector) => element.querySelector(selector);
  const screens = new Map(); // name -> Screen, for all that were ever chosen
  const player = new Player(point, showState);
  const stops = ends(find(".ends"), changed, page.life);
  const tour = signal(""); // "tour" for one of all ten digits
  const path = signal("straight");
  const rate = signal(12); // frames a second
  const frames = { pair: signal(FRAMES.pair.value), tour: signal(FRAMES.tour.value) };
  let seen = false;
  let stale = true;

  const touring = () => tour.value === "tour";
  const mode = () => (touring() ? "tour" : "pair");
  const rows = () => [FADE, ...page.models()];

  const way = () => ({ path: path.value, frames: frames[mode()].value, tour: touring() });
  const redraw = drawsRows(element, { draw, show, fail });

  function draw(name) {
    const digits = stops.digits();
    if (!digits) return null;
    return name === PIXELS.name ? fade(digits, way()) : filmOf(coder(name), digits, way());
  }

  // How many frames a film has now: one of another length is out of date.
  function length() {
    if (!stops.digits()) return 0;
    return frames[mode()].value * (touring() ? stops.slots().length : 1);
  }

  function show(name, row) {
    const count = length();
    if (row && row.pictures.length !== count) return;
    screens.get(name).show(row, touring() ? frames.tour.value : 0);
    if (count !== player.count) {
      find("[name=frame]").max = Math.max(1, count - 1);
      player.load(count);
    } else if (row) {
      screens.get(name).point(player.at);
    }
    showState();
  }

  function fail(name, error) {
    if (rows().some((row) => row.name === name)) page.say(error.message);
  }

  function refresh() {
    if (stops.waiting()) return;
    if (stops.digits()) page.say("");
    else showNothing();
    for (const { name } of rows()) redraw(name);
  }

  function showNothing() {
    player.load(0);
    showState();
    page.say("Draw a digit, or choose another for the empty place.");
  }

  function point(frame) {
    for (const { name } of rows()) screens.get(name).point(frame);
    find("[name=frame]").value = frame;
    tell();
    write(find(".player output"), `${frame + 1} / ${player.count}`);
  }

  // What the frame shows, for those who listen: while it plays there is no time to say it.
  function tell() {
    const verdicts = rows().map(({ name, label }) => `${label} ${verdict(screens.get(name).row, player.at)}`);
    const words = player.playing ? "playing" : [`frame ${player.at + 1} of ${player.count}`, ...verdicts].join("; ");
    find("[name=frame]").setAttribute("aria-valuetext", player.count ? words : "no film");
  }

  function showState() {
    const button = find("[data-do=play]");
    button.classList.toggle("playing", player.playing);
    button.setAttribute("aria-label", player.playing ? "Pause" : "Play");
    button.disabled = find("[name=frame]").disabled = player.count < 2;
    tell();
  }

  function changed() {
    stale = true;
    if (!seen) return;
    stale = false;
    refresh();
  }

  // The rows of the chosen models, one below the other.
  function arrange() {
    const list = rows().map((facts) => {
      if (!screens.has(facts.name)) screens.set(facts.name, new Screen(facts, (frame) => player.seek(frame)));
      return screens.get(facts.name);
    });
    find(".screens").replaceChildren(...list.map(({ large }) => large));
    find(".strips").replaceChildren(...list.map(({ small }) => small));
  }

  function paint() {
    for (const { name } of rows()) screens.get(name).paint();
    if (player.count) point(player.at);
  }

  // The controls as they fit what is walked.
  function adapt() {
    const slider = find("[name=frames]");
    Object.assign(slider, FRAMES[mode()], { value: frames[mode()].value });
    write(find(".field .words"), touring() ? "Frames a digit" : "Frames");
    write(find("[name=frames] + output"), slider.value);
    find("[name=bounce]").parentElement.hidden = touring();
    player.bounces = !touring() && find("[name=bounce]").checked;
    stops.show(touring());
  }

  const groupOf = (name) => find(`[name=${name}]`).closest("fieldset");
  tieRadios(groupOf("walk-tour"), tour, page.life);
  tieRadios(groupOf("walk-path"), path, page.life);
  tieRange(find("[name=rate]"), rate, find("[name=rate] + output"), (each) => `${each} / s`, page.life);
  find("[name=frames]").addEventListener("input", (event) => (frames[mode()].value = Number(event.target.value)));
  arrange();
  watch(() => [tour.value, path.value, frames[mode()].value], () => {
    adapt();
    changed();
  }, page.life);
  watch(() => rate.value, (each) => {
    player.rate = each;
    player.run();
  }, page.life);
  find("[name=bounce]").addEventListener("change", adapt);
  find("[name=frame]").addEventListener("input", (event) => player.seek(Number(event.target.value)));
  find("[data-do=play]").addEventListener("click", () => player.want(!player.playing));
  find(".save").append(save(page, () => ({
    header: { models: page.models().map(({ name }) => name), ...way(), bounce: player.bounces, rate: player.rate },
    digits: stops.digits(),
    rows: rows(),
  })));
  const observer = new ResizeObserver(() => seen && paint());
  for (const part of [".screens", ".strips"]) observer.observe(find(part));
  page.life.addEventListener("abort", () => observer.disconnect());

  return {
    seen(visible) {
      if (visible === seen) return;
      seen = visible;
      player.sight(seen);
      if (seen && stale) changed();
    },
    choose() {
      arrange();
      changed();
    },
    table: () => [
      { name: "tour", kind: "switch", get: touring, set: (on) => (tour.value = on ? "tour" : "") },
      { name: "path", kind: "choice", names: PATHS, state: path },
      { name: "frames", kind: "whole", range: () => [FRAMES[mode()].min, FRAMES[mode()].max], get: () => frames[mode()].value, set: (count) => (frames[mode()].value = count) },
      slotEntry(stops.slots),
    ],
    use(end, grey, words) {
      tour.value = "";
      stops.use(end, grey, words);
    },
    paint,
  };
}
