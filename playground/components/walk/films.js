// The first part: digits to walk between, and one film a model.

import { pack } from "../engine/bytes.js";
import { readRows } from "../engine/replies.js";
import { ask, newest } from "../engine/wire.js";
import { input } from "../state/input.js";
import { turn, write } from "../ui/elements.js";
import { readSlots, writeSlots } from "../ui/slotlink.js";
import { ends } from "./ends.js";
import { Player } from "./player.js";
import { PIXELS, verdict } from "./rows.js";
import { save } from "./save.js";
import { Screen } from "./strip.js";

const FADE = { ...PIXELS, label: "Cross-fade", sentence: "No model: one picture fades into the other, pixel by pixel." };
const FRAMES = { pair: { min: 8, max: 64, value: 24 }, tour: { min: 4, max: 24, value: 12 } };

export function films(element, page) {
  const find = (selector) => element.querySelector(selector);
  const screens = new Map(); // name -> Screen, for all that were ever chosen
  const player = new Player(point, showState);
  const stops = ends(find(".ends"), changed, page.signal);
  const frames = { pair: FRAMES.pair.value, tour: FRAMES.tour.value };
  let seen = false;
  let stale = true;

  const touring = () => find("[name=walk-tour]:checked").value === "tour";
  const mode = () => (touring() ? "tour" : "pair");
  const rows = () => [FADE, ...page.models()];

  const request = (judged) => ({
    models: page.models().map(({ name }) => name),
    path: find("[name=walk-path]:checked").value,
    frames: frames[mode()],
    tour: touring(),
    judged,
  });

  const refresh = newest(redraw, (busy) => element.setAttribute("aria-busy", busy));

  async function redraw(signal) {
    if (stops.waiting()) return;
    const digits = stops.digits();
    if (!digits) {
      showNothing();
      return;
    }
    try {
      // While the pen moves only the pictures follow: the classifier takes longer than they do.
      const asked = request(!input.drawing);
      const reply = await ask("live/walk", pack(asked, digits), { signal });
      show(readRows(await reply.arrayBuffer()), asked);
      page.say("");
    } catch (error) {
      if (!signal.aborted) page.say(error.message);
    }
  }

  function show({ header, rows: found }, { tour, frames: leg }) {
    for (const row of found) screens.get(row.name)?.show(row, tour ? leg : 0);
    find("[name=frame]").max = header.count - 1;
    player.load(header.count);
    showState();
  }

  function showNothing() {
    for (const screen of screens.values()) screen.show(null);
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
    Object.assign(slider, FRAMES[mode()], { value: frames[mode()] });
    write(find(".field .words"), touring() ? "Frames a digit" : "Frames");
    write(find("[name=frames] + output"), slider.value);
    find("[name=bounce]").parentElement.hidden = touring();
    player.bounces = !touring() && find("[name=bounce]").checked;
    stops.show(touring());
  }

  function setRate() {
    player.rate = Number(find("[name=rate]").value);
    write(find("[name=rate] + output"), `${player.rate} / s`);
    player.run();
  }

  for (const radio of element.querySelectorAll("[type=radio]")) {
    radio.addEventListener("change", () => {
      adapt();
      changed();
    });
  }
  find("[name=frames]").addEventListener("input", (event) => {
    frames[mode()] = Number(event.target.value);
    adapt();
    changed();
  });
  find("[name=bounce]").addEventListener("change", adapt);
  find("[name=rate]").addEventListener("input", setRate);
  find("[name=frame]").addEventListener("input", (event) => player.seek(Number(event.target.value)));
  find("[data-do=play]").addEventListener("click", () => player.want(!player.playing));
  find(".save").append(save(page, () => ({
    header: { ...request(false), bounce: player.bounces, rate: player.rate },
    digits: stops.digits(),
    rows: rows(),
  })));
  new ResizeObserver(() => seen && paint()).observe(find(".strips"));
  adapt();
  setRate();
  arrange();

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
    read: async () => ({
      tour: touring() ? 1 : 0,
      path: request().path,
      frames: frames[mode()],
      from: await writeSlots(stops.slots()),
    }),
    apply(link) {
      const tour = link.choice("tour", ["0", "1"]);
      if (tour) turn(find(`[name=walk-tour][value="${tour === "1" ? "tour" : ""}"]`), true);
      const path = link.choice("path", ["straight", "spherical"]);
      if (path) turn(find(`[name=walk-path][value=${path}]`), true);
      const { min, max } = FRAMES[mode()];
      const count = link.number("frames", min, max, true);
      if (count) turn(find("[name=frames]"), String(count));
      return readSlots(stops.slots(), link, "from");
    },
    use(end, grey, words) {
      find("[name=walk-tour][value='']").checked = true;
      adapt();
      stops.use(end, grey, words);
    },
    paint,
  };
}
