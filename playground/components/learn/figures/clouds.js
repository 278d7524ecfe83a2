// From a point to a cloud: ε under the finger, z = μ + σε moving with it, the decoder following;
// and what reaches the encoder on the way back.

import { whole as wholeSpace } from "../../engine/latent/planes.js";
import { newest } from "../../engine/wire.js";
import { STEPS, mathsFold } from "../../graph/fold.js";
import { LossGraph } from "../../graph/graph.js";
import { askTrace, newEpsilon } from "../../graph/numbers.js";
import { drawSheet } from "../../state/latents.js";
import { fetchPlaces } from "../../state/places.js";
import { make } from "../../ui/elements.js";
import { signed } from "../../ui/numbers.js";
import { paintNothing } from "../../ui/pixels.js";
import { Drawn } from "../../ui/space/drawn.js";
import { paintMap } from "../../ui/space/ground.js";
import { Pad } from "../../ui/space/pad.js";
import { evenScale } from "../../ui/space/scale.js";
import { live } from "../parts.js";
import { enlargement, paintCloudOf, paintSpace } from "./clouds/views.js";
import { equations, reached } from "./clouds/words.js";

const MODEL = "vae-2";
const FAR = 3; // standard deviations to the edge of the plane of ε
const TILES = 20; // along a side of the sheet of the whole space
const REST = 250; // ms without a movement before the exact numbers are asked for
const KEPT = 60; // codes that stay in sight
const SIDE = 28;

export async function mount(element, lesson) {
  const plane = { x: evenScale(-FAR, FAR), y: evenScale(-FAR, FAR) };
  const pad = new Pad({
    paintGround: (context, side) => paintMap(context, side, { scales: plane, prior: true }, { circles: true }),
    paintTop: (context, side) => paintDots(context, side, before.map(({ epsilon }) => epsilon)),
    moved: follow,
  });
  const cloud = picture("The cloud of your digit, enlarged");
  const space = picture("The latent space");
  const digit = new Drawn(() => you && { name: MODEL, code: code() }, { say: (words) => lesson.say(words) });
  digit.canvas.setAttribute("aria-label", "What the decoder draws of z");
  const enlarged = make("figcaption", {}, "the cloud of your digit");
  const lines = make("div", { className: "equations" });
  const table = make("table", { className: "reached" });
  const graph = new LossGraph({ backwards: true });
  let view = null; // of the whole space
  let you = null; // { mean, spread } of the drawing's cloud
  let before = []; // what was drawn at random: { epsilon, code }
  let resting = 0;
  let asked = "";

  const epsilon = () => [plane.x.from(pad.point.u), plane.y.from(pad.point.v)].map((value) => Math.round(1000 * value) / 1000);
  const code = () => you.mean.map((middle, i) => middle + you.spread[i] * epsilon()[i]);

  live(element, lesson, async (signal) => {
    const [trace] = await Promise.all([askTrace(MODEL, epsilon(), "clouds", signal), whole()]);
    if (!trace) {
      clear();
      return;
    }
    const mean = [...trace.mean];
    const spread = [...trace.logVar].map((value) => Math.exp(value / 2));
    if (String([mean, spread]) !== asked) {
      before = [];
      asked = String([mean, spread]);
    }
    you = { mean, spread };
    enlarged.textContent = `the cloud of your digit, ${Math.round(enlargement(you, view.square))} times as large`;
    pad.repaint(); // in the theme of the moment
    follow();
    exactly(trace);
    lesson.say("Drag ε, or draw it at random. All numbers are of your digit.");
  });

  // The whole space, fetched once.
  async function whole() {
    if (view) return;
    const { square } = await fetchPlaces(MODEL, 10);
    const [x, y] = square.centre.map((middle) => evenScale(middle - square.half, middle + square.half));
    const now = (view = { square, scales: { x, y }, tiles: null, prior: true });
    await drawSheet(MODEL, wholeSpace(), x.lattice(TILES), y.lattice(TILES), (tiles) => {
      now.tiles = tiles;
      follow();
      return true;
    });
  }

  function follow() {
    if (!you) return;
    const at = code();
    digit.follow();
    paintCloudOf(cloud.canvas, you, at, before.map((each) => each.code));
    paintSpace(space.canvas, view, you, at);
    lines.replaceChildren(...equations(you, epsilon(), at));
    pad.refresh();
    describe(at);
    clearTimeout(resting);
    resting = setTimeout(settle, REST);
  }

  const settle = newest(async (signal) => {
    try {
      const wanted = String(epsilon());
      const trace = await askTrace(MODEL, epsilon(), "clouds", signal);
      if (trace && wanted === String(epsilon())) exactly(trace);
    } catch (error) {
      if (!signal.aborted) lesson.say(error.message);
    }
  }, () => {});

  function exactly(trace) {
    graph.show(trace);
    table.replaceChildren(...reached(trace));
  }

  function describe(at) {
    const words = (values) => values.map((value) => signed(value, 2)).join(", ");
    pad.announce("Noise ε, in standard deviations", `ε ${words(epsilon())}; z ${words(at)}`);
    cloud.canvas.setAttribute("aria-label", `The cloud of your digit, enlarged: mean ${words(you.mean)}, standard deviations ${you.spread.map((value) => value.toFixed(3)).join(", ")}; the code lies at ${words(at)}`);
    space.canvas.setAttribute("aria-label", `The latent space of ${MODEL}, with your digit at ${words(you.mean)}`);
  }

  function clear() {
    [you, asked, before] = [null, "", []];
    for (const { canvas } of [cloud, space]) paintNothing(canvas, SIDE);
    digit.clear();
    lines.replaceChildren();
    table.replaceChildren();
    graph.show(null);
    pad.announce("Noise ε, in standard deviations", "nothing is drawn yet");
    lesson.say("Draw a digit or choose an example.");
  }

  function go([across, up]) {
    pad.go(plane.x.to(across), plane.y.to(up));
  }

  const roll = make("button", { type: "button", className: "plain" }, "Draw ε at random");
  roll.addEventListener("click", () => {
    if (you) before = [...before, { epsilon: epsilon(), code: code() }].slice(-KEPT);
    go(newEpsilon(2).map((value) => Math.max(-FAR, Math.min(value, FAR))));
  });
  const home = make("button", { type: "button", className: "plain" }, "ε = 0: the mean");
  home.addEventListener("click", () => go([0, 0]));
  element.append(
    make("div", { className: "settings" }, roll, home),
    make(
      "div",
      { className: "clouds" },
      make("figure", { className: "wide" }, pad.element, make("figcaption", {}, "ε, from outside: drag it")),
      make("figure", {}, cloud.canvas, enlarged),
      make("figure", {}, space.canvas, make("figcaption", {}, "the whole latent space")),
      make("figure", {}, digit.canvas, make("figcaption", {}, "z, decoded")),
    ),
    lines,
    make("h4", {}, "The way back: what the encoder can learn from"),
    graph.element,
    table,
    mathsFold(STEPS),
  );
  new ResizeObserver(() => you && follow()).observe(space.canvas);

  return [{ name: "epsilon", kind: "numbers", count: 2, range: [-FAR, FAR], get: epsilon, set: go }];
}

function picture(label) {
  const canvas = make("canvas", { className: "pixels" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return { canvas };
}

// Where ε was before.
function paintDots(context, side, places) {
  context.fillStyle = "#fff";
  context.globalAlpha = 0.7;
  for (const [x, y] of places) {
    context.beginPath();
    context.arc(((x / FAR + 1) / 2) * side, ((1 - y / FAR) / 2) * side, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}
