// All runs of this browser: a line each, of which one or two are on show.

import { brought, keepOpened, opened } from "../../state/memory.js";
import { colour as themed, fit } from "../../ui/canvas.js";
import { make } from "../../ui/elements.js";
import { nats } from "../../ui/numbers.js";
import { curvesOf } from "./curves.js";
import { ALL_SEEN, call, news } from "../server.js";
import { ACTIVE, stateOf } from "../words.js";

export class Runs {
  // `choose` hears the ids to show, `changed` that a run is there or gone.
  constructor(choose, changed) {
    this.choose = choose;
    this.changed = changed;
    this.runs = [];
    this.shown = [];
    this.items = new Map();
    this.lines = new Map(); // id -> its lines of metrics, and the state they were fetched in
    this.list = make("ul", {});
    this.empty = make("p", { className: "fact" }, "None yet. Runs belong to this browser, and are found again after a reload.");
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.file = make("input", { type: "file", accept: ".safetensors", hidden: true });
    this.file.addEventListener("change", () => this.upload());
    this.bring = make("button", { type: "button", className: "plain", title: "A safetensors file that was downloaded here" }, "Upload a model…");
    this.bring.addEventListener("click", () => this.file.click());
    this.element = make("section", { className: "runs", ariaLabel: "Your runs" },
      make("header", {}, make("h3", {}, "Your runs"), make("span", { className: "fact" }, "Tick two to compare them."), this.bring, this.file),
      this.wrong, this.list, this.empty);
    new ResizeObserver(() => this.paint()).observe(this.list);
  }

  async refresh() {
    try {
      const { runs } = await call("train-runs", { opened: opened() });
      this.runs = runs;
      this.show();
      this.fetchCurves();
      return true;
    } catch (error) {
      this.wrong.textContent = error.message;
      return false;
    }
  }

  get active() {
    return this.runs.some(({ state }) => ACTIVE.includes(state));
  }

  mark(ids) {
    this.shown = ids;
    for (const [id, item] of this.items) item.box.checked = ids.includes(id);
  }

  show() {
    this.empty.hidden = this.runs.length > 0;
    const ids = new Set(this.runs.map(({ id }) => id));
    for (const [id, item] of this.items) {
      if (ids.has(id)) continue;
      item.element.remove();
      this.items.delete(id);
    }
    this.runs.forEach((run, i) => {
      if (!this.items.has(run.id)) this.items.set(run.id, this.item(run));
      const { element } = this.items.get(run.id);
      if (this.list.children[i] !== element) this.list.insertBefore(element, this.list.children[i] ?? null);
      this.fill(run);
    });
    this.mark(this.shown);
  }

  item(run) {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => this.tick(run.id, box.checked));
    const open = make("button", { type: "button", className: "open", title: "Show this run alone" }, run.name);
    open.addEventListener("click", () => this.choose([run.id]));
    box.setAttribute("aria-label", `Show ${run.name}`);
    const parts = Object.fromEntries(["what", "state", "number"].map((name) => [name, make("span", { className: name })]));
    const curve = make("canvas", { className: "curve" });
    curve.setAttribute("role", "img");
    const drop = make("button", { type: "button", className: "plain", ariaLabel: `Delete ${run.name}` }, "Delete");
    const sure = make("span", { className: "sure", hidden: true });
    const yes = make("button", { type: "button", className: "plain" }, "Delete for good");
    const no = make("button", { type: "button", className: "plain" }, "Keep");
    sure.append(yes, no);
    const ask = (on) => {
      sure.hidden = !on;
      drop.hidden = on;
      (on ? no : drop).focus();
    };
    if (ofSweep(run)) {
      drop.textContent = "Close";
      drop.ariaLabel = `Close ${run.name}`;
      drop.title = "Takes it off this list; the sweep keeps it";
    }
    drop.addEventListener("click", () => (ofSweep(run) ? this.close(run) : ask(true)));
    no.addEventListener("click", () => ask(false));
    sure.addEventListener("keydown", (event) => event.key === "Escape" && ask(false));
    yes.addEventListener("click", () => this.remove(run));
    const element = make("li", { dataset: { run: run.id } }, box,
      make("span", { className: "who" }, open, parts.what), curve, parts.number, parts.state, make("span", { className: "end" }, drop, sure));
    return { element, box, curve, ...parts };
  }

  fill(run) {
    const item = this.items.get(run.id);
    write(item.what, `${run.model} on ${nameOf(run.dataset)}`);
    item.what.title = run.latent_dim ? `A code of ${run.latent_dim} numbers` : "";
    write(item.state, run.state === "running" ? `epoch ${Math.floor(run.epoch)} of ${run.epochs}` : stateOf(run));
    item.state.title = run.sentence ?? "";
    const { last } = run;
    const numbers = last && Number.isFinite(last.held_out_distortion) ? `${nats(last.held_out_distortion)} + ${nats(last.held_out_rate)} nats` : "–";
    write(item.number, numbers);
    item.number.title = "Distortion and rate on held-out images";
    this.paintCurve(run.id);
  }

  // At most two are on show: the first one makes room for a third.
  tick(id, on) {
    const others = this.shown.filter((each) => each !== id);
    this.choose(on ? [...others.slice(-1), id] : others);
  }

  // The curves of runs that are not on show, fetched once, and again when the run has ended.
  async fetchCurves() {
    if (this.fetching) return;
    this.fetching = true;
    for (const { id, state } of [...this.runs]) {
      if (this.lines.get(id)?.state === state) continue;
      try {
        const { lines } = await news({ id, line: 0, preview: ALL_SEEN });
        this.lines.set(id, { lines, state });
        this.paintCurve(id);
      } catch {
        this.lines.set(id, { lines: [], state }); // its line stays without a curve
      }
    }
    this.fetching = false;
  }

  paint() {
    for (const id of this.items.keys()) this.paintCurve(id);
  }

  // The loss on held-out images over the epochs, without axes: its shape is what tells runs apart.
  paintCurve(id) {
    const canvas = this.items.get(id)?.curve;
    const lines = this.lines.get(id)?.lines ?? [];
    const { clientWidth: width, clientHeight: height } = canvas ?? {};
    if (!width) return;
    const context = fit(canvas, width, height);
    const run = this.runs.find((each) => each.id === id);
    const { heldOut } = curvesOf(lines, "distortion");
    canvas.setAttribute("aria-label", heldOut.length ? `Distortion of held-out images from ${nats(heldOut[0][1])} to ${nats(heldOut.at(-1)[1])} nats` : "No epoch yet");
    context.fillStyle = themed("--rule-strong");
    context.fillRect(0, height - 1, width, 1);
    if (heldOut.length < 2) return;
    const values = heldOut.map(([, value]) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    context.strokeStyle = themed("--ink");
    context.lineWidth = 1.25;
    context.lineJoin = "round";
    context.beginPath();
    for (const [epoch, value] of heldOut) {
      context.lineTo((epoch / run.epochs) * (width - 2) + 1, height - 4 - ((value - low) / (high - low || 1)) * (height - 7));
    }
    context.stroke();
  }

  async remove(run) {
    this.wrong.textContent = "";
    try {
      await call("train-wish", { id: run.id, wish: "delete" });
      await this.without(run);
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }

  async close(run) {
    keepOpened(opened().filter((id) => id !== run.id));
    await this.without(run);
  }

  async without({ id }) {
    this.lines.delete(id);
    if (this.shown.includes(id)) this.choose(this.shown.filter((each) => each !== id));
    await this.refresh();
    this.changed();
    this.bring.focus();
  }

  async upload() {
    const [file] = this.file.files;
    if (!file) return;
    this.wrong.textContent = "";
    this.bring.disabled = true;
    try {
      const body = new Uint8Array(await file.arrayBuffer());
      const { id } = await call("train-upload", { name: file.name.replace(/\.safetensors$/, "") }, body);
      await this.refresh();
      this.choose([id]);
      this.changed();
    } catch (error) {
      this.wrong.textContent = error.message;
    } finally {
      this.bring.disabled = false;
      this.file.value = "";
    }
  }
}

const ofSweep = ({ id }) => id.includes("/");

// Only what changed: every change of text makes the browser lay out the page again.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A data set as its visitor knows it; other browsers' pictures have no name here.
function nameOf(dataset) {
  const known = brought().find(({ name }) => name === dataset);
  return known?.label ?? (dataset?.startsWith("mine:") ? "pictures of your own" : dataset);
}
