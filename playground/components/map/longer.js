// Longer codes: a plane of one to drag in, and a slider for each of its numbers.

import { decodeOne, encode, fetchBoth } from "../engine/sheet.js";
import { newest } from "../engine/wire.js";
import { factOf } from "../state/models.js";
import { signal, watch } from "../state/signals.js";
import { chooser, offer as fill, segments, tieRadios } from "../ui/choices.js";
import { make } from "../ui/elements.js";
import { signed } from "../ui/numbers.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";
import { Slot } from "../ui/slot.js";
import { fillSlots, writeSlots } from "../ui/slotlink.js";
import { Pad } from "../ui/space/pad.js";
import { Wanted, axesPlane, cornersPlane, countOf } from "./planes.js";
import { Sliders } from "./sliders.js";

const WANTED = "vae-20"; // at first, where it exists
const LATTICE = 25; // tiles along a side
const REST = 250; // ms without a movement before what is exact, and slow, is asked for
const SIDE = 28;
const FAR = 1e6; // as large as a code in a link may be
const CENTRE = [0.5, Math.sqrt(3) / 6]; // of the triangle

export function longerCodes(facts, terms, life) {
  const long = (found) => found.filter(({ code, error }) => code > 2 && !error);
  let models = long(facts.models);
  const notice = make("p", { className: "notice", role: "status" });
  const digit = make("canvas", { className: "pixels", tabIndex: 0, role: "img", dataset: { term: "decoded" } });
  const numbers = make("dl", { className: "latent-facts" });
  const kind = signal("axes"); // of plane
  const state = { model: null, ranges: [], code: null, first: 0, second: 1, corners: [] };
  let plane = null;
  let sheet = null;
  let resting = 0;
  let seen = false;
  let stale = false;
  let wanted = null; // the place that a link names
  let linked = null; // what a link has said of it so far

  const pad = new Pad({ paintGround, paintTop: () => {}, moved: visited });
  const sliders = new Sliders(slid);
  const axisChoosers = ["first", "second"].map((side) => axisChooser(side));
  const start = new Slot("Start", "drawing", () => digits(), life);
  const corners = [["A", "drawing"], ["B", 0], ["C", 4]].map(([name, digitOf]) => new Slot(name, digitOf, () => digits(), life));

  const attempt = (work) => newest(() => work().then(() => say("")).catch((error) => say(error.message)), () => {});
  const digits = attempt(readDigits);
  const resheet = attempt(fetchPlane);
  const exactly = attempt(decodeExactly);
  const restrip = attempt(async () => state.code && sliders.strips(state.model.name, state.code));
  sliders.refilled = () => restrip();

  function say(words) {
    if (notice.textContent !== words) notice.textContent = words;
  }

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
    dropSheet();
    [state.code, state.ranges, plane] = [null, [], null]; // nothing of the model before is asked of this one
    clearTimeout(resting);
    paintNothing(digit, SIDE);
    digit.dataset.exact = "false";
    numbers.replaceChildren();
    const reply = await factOf("latents", name);
    const known = await reply.json();
    if (state.model.name !== name) return;
    known.order.forEach((latent, i) => (state.ranges[latent] = [known.low[i], known.high[i]]));
    sliders.code = null;
    sliders.take(known);
    [state.first, state.second] = (wanted?.name === name && wanted.axes) || known.order;
    axisChoosers.forEach((select, i) => {
      select.replaceChildren(...known.order.map((latent) => new Option(`z${latent + 1}`, latent)));
      select.value = state[["first", "second"][i]];
    });
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
    const blank = new Uint8Array(SIDE * SIDE);
    const found = await encode(name, slots.map(({ grey }) => grey ?? blank));
    if (name !== state.model.name || plan !== kind.value) return;
    // Without a digit the plane goes through the middle of the space.
    const codes = found.map((each, i) => (slots[i].grey ? each : new Float32Array(code)));
    state.corners = codes;
    const there = wanted?.at(name, kind.value, slots);
    state.code = there && kind.value === "axes" ? Float32Array.from(there) : codes[0];
    replane();
    if (kind.value === "corners") {
      goTo(...(there ?? CENTRE));
      dragged(pad.point);
    } else changed();
  }

  function replane() {
    if (!state.code) return;
    plane = kind.value === "axes"
      ? axesPlane(state.code, state.first, state.second, state.ranges)
      : cornersPlane(state.corners, ["A", "B", "C"]);
    const point = plane.pointOf(state.code);
    if (point) goTo(...point);
    pad.repaint();
    resheet();
  }

  function goTo(x, y) {
    pad.place(plane.scales.x.to(x), plane.scales.y.to(y));
  }

  function dropSheet() {
    sheet?.picture.close();
    sheet = null;
  }

  async function fetchPlane() {
    const now = plane;
    if (!now) return;
    const [across, up] = [plane.scales.x.lattice(LATTICE), plane.scales.y.lattice(LATTICE)];
    const fetched = await fetchBoth(state.model.name, plane.asked, across, up, plane.through);
    if (now !== plane) {
      fetched.picture.close();
      return;
    }
    dropSheet();
    sheet = fetched;
    element.dataset.sheet = "true";
    pad.repaint();
  }

  function place() {
    const { scales: { x, y } } = plane;
    return [x.from(pad.point.u), y.from(pad.point.v)];
  }

  function visited() {
    wanted = null;
    dragged();
  }

  function dragged() {
    if (!plane) return;
    const [x, y] = place();
    state.code = plane.codeAt(x, y, state.code);
    if (sheet) {
      paintGrey(digit, sheet.decoder.blend(x, y), SIDE);
      digit.dataset.exact = "false";
    }
    showNumbers(x, y);
    sliders.show(state.code);
    rest();
  }

  function slid(latent, value) {
    wanted = null;
    if (!plane) return;
    state.code = state.code.with(latent, value);
    exactly();
    if (kind.value === "axes") {
      const along = latent === state.first || latent === state.second;
      goTo(...plane.pointOf(state.code));
      showNumbers(...plane.pointOf(state.code));
      if (!along) replane();
    } else numbers.replaceChildren(make("div", {}, make("dt", {}, "off the plane"), make("dd", {}, "drag to return")));
    rest(true);
  }

  // Another code from elsewhere than the pad.
  function changed() {
    showNumbers(...place());
    sliders.show(state.code);
    exactly();
    rest(true);
  }

  function rest(decoded) {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (!decoded) exactly();
      restrip();
    }, REST);
  }

  async function decodeExactly() {
    const { model, code } = state;
    if (!code) return;
    const { grey, looks } = await decodeOne(model.name, code);
    if (model !== state.model) return;
    paintGrey(digit, grey, SIDE);
    digit.dataset.exact = String(code === state.code);
    describe(looks);
  }

  function describe(looks) {
    const words = [...numbers.children].map((line) => [...line.children].map((part) => part.textContent).join(" "));
    pad.announce(`Plane of the codes of ${state.model.label}`, [...words, looks].filter(Boolean).join(", "));
    digit.setAttribute("aria-label", `Digit that ${state.model.label} draws there: ${looks || "unnamed"}`);
  }

  function showNumbers(x, y) {
    const lines = plane.numbers(x, y).map(([words, value]) => [words, signed(value, 2)]);
    const term = kind.value === "axes" ? "place" : "weights";
    numbers.replaceChildren(...lines.map(([words, value]) => make(
      "div", { dataset: { term } }, make("dt", {}, kind.value === "axes" ? words : `Weight of ${words}`), make("dd", {}, value),
    )));
  }

  function paintGround(context, side) {
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = "high";
    if (sheet) context.drawImage(sheet.picture, 0, 0, side, side);
    plane?.paint(context, side);
  }

  function axisChooser(side) {
    const select = make("select", { ariaLabel: side === "first" ? "Number along the pad" : "Number up the pad" });
    select.addEventListener("change", () => {
      const other = side === "first" ? "second" : "first";
      const was = state[side];
      state[side] = Number(select.value);
      if (state[side] === state[other]) state[other] = was; // they change places
      axisChoosers.forEach((each, i) => (each.value = state[["first", "second"][i]]));
      replane();
      if (plane) changed();
    });
    return select;
  }

  function lay() {
    dropSheet();
    arrange();
    digits();
  }

  function arrange() {
    const axes = kind.value === "axes";
    const choice = make("div", { className: "axis-choice" },
      make("label", {}, "Across ", axisChoosers[0]), make("label", {}, "Up ", axisChoosers[1]));
    sources.replaceChildren(...(axes ? [start.element, choice] : corners.map((slot) => slot.element)));
  }

  const slotsOf = (plan) => (plan === "axes" ? [start] : corners);

  // A link says several things of one place; the last of them brings it about.
  const table = [
    { name: "models", kind: "names", names: () => models.map(({ name }) => name), most: 1, get: () => state.model && [state.model.name], set: ([name]) => (linked = { name }), default: [] },
    { name: "plane", kind: "choice", names: ["axes", "corners"], state: kind },
    { name: "axes", kind: "wholes", count: 2, range: () => [1, modelOf(linked)?.code ?? 1], get: () => (kind.value === "axes" ? [state.first + 1, state.second + 1] : null), set: (axes) => (linked.axes = axes) },
    { name: "from", kind: "text", get: () => writeSlots(slotsOf(kind.value)), set: async (text, complain) => (linked.sources = await fillSlots(slotsOf(kind.value), text, complain)) },
    { name: "z", kind: "numbers", count: () => countOf(modelOf(linked), kind.value), range: [-FAR, FAR], default: null, get: where, set: goThere },
  ];

  const modelOf = ({ name }) => models.find((model) => model.name === (name ?? state.model?.name));

  // The code on show; of three digits its place between them.
  function where() {
    if (kind.value === "axes") return state.code;
    return plane && place();
  }

  function goThere(point) {
    const model = modelOf(linked);
    if (!model) return;
    wanted = new Wanted(model, kind.value, { ...linked, place: point });
    chosen.value = model.name;
    begin(model.name);
  }

  const chosen = chooser("Model", models, WANTED, begin);
  const controls = make(
    "div",
    { className: "map-controls" },
    chosen,
    segments("plane", "Plane", [["axes", "Two axes"], ["corners", "Three digits"]]),
  );
  tieRadios(controls, kind, life);
  controls.querySelector(".order").title = terms.plane;
  const sources = make("div", { className: "sources" });
  const element = make(
    "div",
    { className: "longer" },
    make("div", { className: "plane" }, pad.element, make("div", { className: "decoded" }, digit, numbers), notice),
    make("div", { className: "code-side" }, sources, sliders.element),
  );
  watch(() => kind.value, lay, life);
  paintNothing(digit, SIDE);
  begin(chosen.value);

  function sight(now) {
    seen = now;
    if (now && (stale || !state.code)) digits();
  }

  return { element, controls, sight, offer, table };
}
