// Longer codes: a plane of one to drag in, and a slider for each of its numbers.

import { drawSheet, encode } from "../state/latents.js";
import { factOf } from "../state/models.js";
import { signal, watch } from "../state/signals.js";
import { chooser, offer as fill, segments, tieRadios } from "../ui/choices.js";
import { make, write } from "../ui/elements.js";
import { entitle } from "../ui/hints.js";
import { Slot } from "../ui/slot.js";
import { fillSlots, writeSlots } from "../ui/slotlink.js";
import { Drawn, attempt } from "../ui/space/drawn.js";
import { Pad } from "../ui/space/pad.js";
import { Axes } from "./axes.js";
import { Follower } from "./follower.js";
import { Wanted, axesPlane, cornersPlane, countOf } from "./planes.js";
import { PlaneReadings } from "./readings.js";
import { Sliders } from "./sliders.js";
import { dartsAt } from "./throw.js";

const WANTED = "vae-20"; // at first, where it exists
const LATTICE = 25; // tiles along a side
const PIXELS = 784;
const FAR = 1e6; // as large as a code in a link may be
const CENTRE = [0.5, Math.sqrt(3) / 6]; // of the triangle

export function longerCodes(facts, life) {
  const long = (found) => found.filter(({ code, error }) => code > 2 && !error);
  let models = long(facts.models);
  const notice = make("p", { className: "notice", role: "status" });
  const say = (words) => write(notice, words);
  const at = () => state.code && { name: state.model.name, code: state.code };
  const digit = new Drawn(at, { say, rested: describe, drew: (grey) => follower.paint(grey) });
  Object.assign(digit.canvas, { tabIndex: 0 }).dataset.term = "decoded";
  const readings = new PlaneReadings();
  const kind = signal("axes"); // of plane
  const state = { model: null, ranges: [], code: null, corners: [] };
  let plane = null;
  let sheet = null; // the plane, decoded
  let seen = false;
  let stale = false;
  let wanted = null; // the place that a link names
  let linked = null; // what a link has said of it so far

  const follower = new Follower();
  const pad = new Pad({ paintGround, paintTop: (_, side) => follower.follow(pad.point, side), moved: visited });
  pad.element.append(follower.element);
  const dartboard = dartsAt(() => [state.model?.name], () => models, { say, life });
  const sliders = new Sliders(slid);
  const axes = new Axes(() => {
    replane();
    if (plane) moved();
  });
  const start = new Slot("Start", "drawing", () => digits(), life);
  const corners = [["A", "drawing"], ["B", 0], ["C", 4]].map(([name, digitOf]) => new Slot(name, digitOf, () => digits(), life));

  const slotsOf = (plan) => (plan === "axes" ? [start] : corners);
  const digits = attempt(readDigits, say);
  const resheet = attempt(drawPlane, say);
  const restrip = attempt(async () => state.code && sliders.strips(state.model.name, state.code), say);
  sliders.refilled = () => restrip();

  function begin(name) {
    if (name) choose(name).catch((error) => say(error.message));
    else say("No model here has a code of more than two numbers.");
  }

  // Models have come or gone. If the chosen one is gone, another takes its place.
  function offer(found) {
    models = long(found);
    const name = fill(chosen, models, state.model?.name);
    const model = models.find((each) => each.name === name);
    if (name !== (state.model?.name ?? "") || model?.version !== state.model?.version) begin(name);
  }

  async function choose(name) {
    state.model = models.find((model) => model.name === name);
    element.style.setProperty("--model", state.model.colour);
    [state.code, state.ranges, plane, sheet] = [null, [], null, null]; // nothing of the model before is asked of this one
    digit.clear();
    follower.clear();
    dartboard.changed();
    readings.blank();
    const reply = await factOf("latents", name);
    const known = await reply.json();
    if (state.model.name !== name) return;
    known.order.forEach((latent, i) => (state.ranges[latent] = [known.low[i], known.high[i]]));
    sliders.code = null;
    sliders.take(known);
    axes.take(known.order, wanted?.name === name ? wanted.axes : null);
    digits();
  }

  // The digits in the slots as codes. The point goes to the first one, or between the three.
  async function readDigits() {
    if (!state.ranges.length || !seen) {
      stale = true;
      return;
    }
    stale = false;
    const { model: { name, code } } = state;
    const plan = kind.value;
    const slots = slotsOf(plan);
    if (slots.some(({ words }) => !words)) return; // yet to hear what is in it
    const found = await encode(name, slots.map(({ grey }) => grey ?? new Uint8Array(PIXELS)));
    if (name !== state.model.name || plan !== kind.value) return;
    // Without a digit the plane goes through the middle of the space.
    const codes = found.map((each, i) => (slots[i].grey ? each : new Float32Array(code)));
    state.corners = codes;
    const there = wanted?.at(name, kind.value, slots);
    state.code = there && kind.value === "axes" ? Float32Array.from(there) : codes[0];
    replane();
    if (kind.value === "corners") {
      goTo(...(there ?? CENTRE));
      dragged();
    } else moved();
  }

  function replane() {
    if (!state.code) return;
    plane = kind.value === "axes"
      ? axesPlane(state.code, ...axes.chosen, state.ranges)
      : cornersPlane(state.corners, ["A", "B", "C"]);
    pad.repaint();
    resheet();
  }

  function goTo(x, y) {
    pad.place(plane.scales.x.to(x), plane.scales.y.to(y));
  }

  async function drawPlane() {
    const [now, { model }] = [plane, state];
    if (!now) return;
    const { x, y } = now.scales;
    await drawSheet(model.name, now.lay(), x.lattice(LATTICE), y.lattice(LATTICE), (picture, whole) => {
      if (model !== state.model || (!whole && now !== plane)) return false;
      sheet = picture;
      element.dataset.sheet = "true";
      pad.repaint();
      return true;
    });
  }

  function place() {
    const { scales: { x, y } } = plane;
    return [x.from(pad.point.u), y.from(pad.point.v)];
  }

  function visited() {
    wanted = null;
    if (plane) dragged();
  }

  function dragged() {
    const [x, y] = place();
    state.code = plane.codeAt(x, y, state.code);
    readings.show(plane, x, y);
    follow();
  }

  function slid(latent, value) {
    wanted = null;
    if (!plane) return;
    state.code = state.code.with(latent, value);
    if (kind.value === "axes" && !axes.chosen.includes(latent)) replane();
    moved();
  }

  // Another code from elsewhere than the pad, whose point follows if it is on the plane.
  function moved() {
    const point = plane.pointOf(state.code);
    if (point) {
      goTo(...point);
      readings.show(plane, ...point);
    } else readings.leave();
    follow();
  }

  function follow() {
    digit.follow();
    sliders.show(state.code);
    restrip();
  }

  function describe({ looks }) {
    pad.announce(`Plane of the codes of ${state.model.label}`, readings.spoken(looks));
    digit.canvas.setAttribute("aria-label", `Digit that ${state.model.label} draws there: ${looks || "unnamed"}`);
  }

  function paintGround(context, side) {
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = "high";
    if (sheet) context.drawImage(sheet, 0, 0, side, side);
    plane?.paint(context, side);
  }

  function lay() {
    sheet = null;
    sources.replaceChildren(...slotsOf(kind.value).map((slot) => slot.element));
    if (kind.value === "axes") sources.append(axes.element);
    digits();
  }

  // A link says several things of one place; the last of them brings it about: the code on show, or
  // of three digits its place between them.
  const table = [
    { name: "models", kind: "names", names: () => models.map(({ name }) => name), most: 1, get: () => state.model && [state.model.name], set: ([name]) => (linked = { name }), default: [] },
    { name: "plane", kind: "choice", names: ["axes", "corners"], state: kind },
    { name: "axes", kind: "wholes", count: 2, range: () => [1, modelOf(linked)?.code ?? 1], get: () => (kind.value === "axes" ? axes.chosen.map((latent) => latent + 1) : null), set: (pair) => (linked.axes = pair) },
    { name: "from", kind: "text", get: () => writeSlots(slotsOf(kind.value)), set: async (text, complain) => (linked.sources = await fillSlots(slotsOf(kind.value), text, complain)) },
    { name: "z", kind: "numbers", count: () => countOf(modelOf(linked), kind.value), range: [-FAR, FAR], default: null, get: () => (kind.value === "axes" ? state.code : plane && place()), set: goThere },
    dartboard.entry,
  ];

  const modelOf = ({ name }) => models.find((model) => model.name === (name ?? state.model?.name));

  function goThere(point) {
    const model = modelOf(linked);
    if (!model) return;
    wanted = new Wanted(model, kind.value, { ...linked, place: point });
    chosen.value = model.name;
    begin(model.name);
  }

  const chosen = chooser("Model", models, WANTED, begin);
  const kinds = segments("plane", "Plane", [["axes", "Two axes"], ["corners", "Three digits"]]);
  const controls = make("div", { className: "map-controls" }, chosen, kinds, dartboard.button);
  tieRadios(controls, kind, life);
  entitle(controls.querySelector(".order"), "plane");
  const sources = make("div", { className: "sources" });
  const element = make(
    "div",
    { className: "longer" },
    dartboard.element,
    make("div", { className: "plane" }, pad.element, make("div", { className: "decoded" }, digit.canvas, readings.element), notice),
    make("div", { className: "code-side" }, sources, sliders.element),
  );
  watch(() => kind.value, lay, life);
  begin(chosen.value);

  function sight(now) {
    seen = now;
    if (now && (stale || !state.code)) digits();
  }

  return { element, controls, sight, offer, table };
}
