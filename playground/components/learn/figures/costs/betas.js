// Beta as the price of a nat of rate: five maps that were trained at five prices.

import { unpack } from "../../../engine/wire.js";
import { about, fact } from "../../../state/models.js";
import { fit, font, onSight } from "../../../ui/canvas.js";
import { make } from "../../../ui/elements.js";
import { nats } from "../../../ui/numbers.js";
import { paintGrey, paintNothing } from "../../../ui/pixels.js";
import { paintMap } from "../../../ui/space/ground.js";
import { evenScale } from "../../../ui/space/scale.js";
import { ellipse, paintVisitor } from "../../../ui/space/visitor.js";
import { TradeOff } from "../../../ui/charts/tradeoff.js";
import { askCosts, both, slider } from "./parts.js";
import { Sweeps } from "./sweeps.js";

const SIDE = 28;
const FIRST = 2; // the map at beta 1
const LAYERS = { tiles: true, codes: false, circles: true, density: false };

export function betaPart(lesson) {
  let maps = []; // { name, beta, rate, distortion } by rising beta
  const choice = slider("Price β", 0, 4, 1, FIRST, (i) => String(maps[i]?.beta ?? ""), () => show());
  const canvas = make("canvas", { className: "space" });
  canvas.setAttribute("role", "img");
  const digit = make("canvas", { className: "pixels" });
  digit.setAttribute("role", "img");
  const said = make("div", { className: "said" });
  const chart = new TradeOff((name) => {
    choice.set(maps.findIndex((map) => map.name === name));
    show();
  }, lesson.signal);
  const beyond = make("p", { className: "caption" });
  const sweeps = new Sweeps(lesson.signal);
  const known = new Map(); // name -> what is on its map
  let facts = null;
  let costs = null;
  let goal = null; // the price that a link names, until the maps are there

  const now = () => maps[choice.value()];

  async function load() {
    if (!maps.length) {
      facts = await about();
      const reply = await (await fact("betas")).json();
      maps = reply.maps;
      beyond.dataset.images = reply.images;
    }
    choice.set(choice.value()); // now it knows its words
    if (goal !== null) goTo(goal);
  }

  function goTo(price) {
    goal = maps.length ? null : price;
    const wanted = maps.findIndex(({ beta }) => beta === price);
    if (wanted < 0) return;
    choice.set(wanted);
    show();
  }

  async function show() {
    const map = now();
    if (!map) return;
    if (!known.has(map.name)) known.set(map.name, await fetchMap(map.name));
    if (map !== now()) return;
    paint();
    say(map, known.get(map.name));
    curve(map);
  }

  function paint() {
    const map = known.get(now()?.name);
    const side = canvas.clientWidth;
    if (!map || !side) return;
    const context = fit(canvas, side, side);
    const scale = evenScale(-map.half, map.half);
    const view = { scales: { x: scale, y: scale }, tiles: map.tiles, prior: true };
    paintMap(context, side, view, LAYERS);
    paintClouds(context, side, map, scale, facts.classes);
    const mine = costs?.models[choice.value()];
    if (mine) paintVisitor(context, side, view.scales, { mean: [...mine.mean], spread: [...mine.spread] }, []);
  }

  function say(map, { dead, rates }) {
    const mine = costs?.models[choice.value()];
    if (mine) paintGrey(digit, mine.picture, SIDE);
    else paintNothing(digit, SIDE);
    digit.setAttribute("aria-label", mine ? `Your digit, drawn at beta ${map.beta}` : "Nothing is drawn yet");
    canvas.setAttribute("aria-label", `The space learnt at beta ${map.beta}, with the clouds of the example digits`);
    const lines = [
      `Test digits: rate ${both(map.rate)}; distortion ${nats(map.distortion)} nats.`,
      ...(mine ? [`Your digit: rate ${both(mine.rate)}; distortion ${nats(mine.distortion)} nats.`] : []),
      judged(map, dead, rates),
    ];
    said.replaceChildren(...lines.filter(Boolean).map((words) => make("p", {}, words)));
  }

  // Without a price the rate is far off what the others pay, so that map is on its own chart.
  function curve(map) {
    const shown = maps.filter(({ beta }) => map.beta === 0 || beta > 0);
    const look = facts.models.find(({ name }) => name === "vae-2") ?? facts.models[0];
    const points = shown.map(({ name, beta, rate, distortion }) => (
      { run: name, settings: { beta }, model: name === map.name ? "chosen" : "other", state: "done", rate, distortion, best: true }
    ));
    points.sort((one, other) => one.rate - other.rate);
    chart.show(points, { chosen: look, other: { ...look, colour: "#8a929b" } });
    const free = maps.find(({ beta }) => beta === 0);
    const far = map.beta === 0 || !free ? "" : ` β = 0 lies far to the right, at a rate of ${nats(free.rate)} nats.`;
    beyond.textContent = `Averages over MNIST's ${Number(beyond.dataset.images).toLocaleString("en-GB")} test images.${far} On each dotted line the sum is the same.`;
  }

  new ResizeObserver(paint).observe(canvas);

  const element = make(
    "div",
    {},
    make("div", { className: "settings" }, choice.element),
    make(
      "div",
      { className: "betas" },
      make("figure", {}, canvas, make("figcaption", {}, "clouds of the examples at one σ; yours in yellow")),
      make("div", { className: "beside" }, make("div", { className: "drawn" }, digit, said), chart.element, beyond),
    ),
    sweeps.element,
  );
  let seen = false;
  onSight(element, (visible) => {
    if (visible && !seen) sweeps.look(); // not with every stroke: they do not depend on the drawing
    seen = visible;
  }, lesson.signal);

  return {
    element,
    async refresh() {
      await load();
      costs = await askCosts(maps.map(({ name }) => name));
      await show();
      lesson.say(costs ? "" : "Draw a digit to see its cloud on the maps.");
    },
    entries: [{ name: "beta", kind: "number", range: [0, 1000], get: () => now()?.beta ?? null, set: goTo }],
  };
}

// What the numbers show, in the field's words.
function judged({ beta }, dead, rates) {
  const least = (Math.ceil(1000 * Math.min(...rates)) / 1000).toFixed(3);
  const count = dead.filter(Boolean).length;
  if (count === dead.length) return "Posterior collapse: neither number says anything any more; both posteriors are the prior for every digit.";
  if (count) return `Posterior collapse of one number: it says less than ${least} nats of a digit, its posterior is the prior for every digit, and the decoder does without it.`;
  if (beta === 0) return "The rate costs nothing, so the clouds shrink to points far apart: a plain autoencoder. The prior means nothing here.";
  return "";
}

async function fetchMap(model) {
  const reply = await fact("beta-map", [model]);
  const message = await reply.arrayBuffer();
  const { header, bytes, floats } = unpack(message);
  const count = header.labels.length;
  const [mean, spread] = [floats(2 * count), floats(2 * count)];
  const length = new DataView(message).getUint32(0, true);
  const file = bytes(message.byteLength - 4 - length - 16 * count);
  const pair = (values, i) => [values[2 * i], values[2 * i + 1]];
  const clouds = header.labels.map((label, i) => ({ label, mean: pair(mean, i), spread: pair(spread, i) }));
  return { ...header, clouds, tiles: await createImageBitmap(new Blob([file], { type: "image/webp" })) };
}

// One standard deviation each; a cloud that is too small to be seen is a dot with its class.
function paintClouds(context, side, { clouds, half }, scale, colours) {
  const place = (z1, z2) => [scale.to(z1) * side, (1 - scale.to(z2)) * side];
  context.font = font(11, 600);
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { label, mean, spread } of clouds) {
    const seen = spread.map((value) => Math.max(value, (1.5 * 2 * half) / side));
    const path = ellipse({ mean, spread: seen }, 1, place);
    context.strokeStyle = "#000";
    context.lineWidth = 3.5;
    context.stroke(path);
    context.strokeStyle = colours[label];
    context.lineWidth = 1.75;
    context.stroke(path);
  }
  for (const { label, mean, spread } of clouds) {
    const [left, top] = place(mean[0] + spread[0], mean[1]);
    context.strokeStyle = "#000";
    context.lineWidth = 3;
    context.strokeText(label, left + 3, top);
    context.fillStyle = "#fff";
    context.fillText(label, left + 3, top);
  }
}
