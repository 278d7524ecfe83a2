// The computational graph of a variational autoencoder, from picture to loss, with the numbers of
// one drawing at its parts and, on a switch, the gradients that flow back along its edges.

import { sizeOf } from "../ui/canvas.js";
import { segments } from "../ui/choices.js";
import { make } from "../ui/elements.js";
import { paintGrey } from "../ui/pixels.js";
import { TALL, WIDE, drawn } from "./layout.js";
import { NAMES, atNodes, gradientsOnEdges, onEdges, spoken } from "./numbers.js";

const PICTURES = ["image", "picture"];
const NETWORKS = { encoder: "M-36,-40 L36,-22 V22 L-36,40 Z", decoder: "M-36,-22 L36,-40 V40 L-36,22 Z" };
const SMALL = { epsilon: 104, code: 104 }; // widths of nodes; others have ROOM
const ROOM = 108;
const HIGH = 40;
const WORDS = 12.5; // pixels
const MOST = 15; // pixels of words, with which two numbers still find room in a node

let graphs = 0;

export class LossGraph {
  // It begins with the gradients if `backwards` says so.
  constructor({ backwards = false } = {}) {
    this.id = `graph-${++graphs}`;
    this.trace = null;
    this.pick = null; // which number of the code, or null for all
    this.backwards = backwards;
    this.inside = false; // whether z is drawn by dice within the network
    this.words = WORDS; // how large they are, in units of the drawing
    const again = (key, of) => (value) => {
      this[key] = of(value);
      this.paint();
    };
    this.direction = segments(`${this.id}-way`, "What the graph shows",
      [["numbers", "Numbers"], ["gradients", "Gradients"]], again("backwards", (value) => value === "gradients"));
    this.direction.querySelectorAll("input")[Number(backwards)].checked = true;
    this.form = segments(`${this.id}-form`, "How the code is drawn",
      [["outside", "ε from outside"], ["inside", "z drawn inside"]], again("inside", (value) => value === "inside"));
    this.select = make("select", { ariaLabel: "Number of the code" });
    this.select.addEventListener("change", () => again("pick", (value) => (value === "" ? null : Number(value)))(this.select.value));
    this.svg = drawn("svg", { role: "img", "aria-label": "From picture to loss" });
    this.legend = make("p", { className: "caption" });
    this.controls = make("div", { className: "settings" }, this.direction, this.form, make("label", { className: "field" }, this.select));
    this.element = make("div", { className: "loss-graph" }, this.controls, this.svg, this.legend);
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  // The trace of the drawing, as in trace.js; null while there is none.
  show(trace) {
    if (trace && trace.code.length !== this.trace?.code.length) this.offer(trace.code.length);
    this.trace = trace;
    this.paint();
  }

  offer(count) {
    const all = count <= 2 ? "both numbers" : `all ${count}, their length`;
    const each = Array.from({ length: count }, (_, i) => new Option(`number ${i + 1}`, i));
    this.select.replaceChildren(new Option(all, ""), ...each);
    this.pick = sizeOf(WORDS) > MOST ? 0 : null;
    this.select.value = String(this.pick ?? "");
  }

  fit() {
    const wanted = this.element.clientWidth >= WIDE.width * 0.8 ? WIDE : TALL;
    if (!this.element.clientWidth) return;
    const words = sizeOf(WORDS) * Math.max(1, wanted.width / this.element.clientWidth);
    if (wanted === this.layout && words === this.words) return;
    if (this.pick === null && sizeOf(WORDS) > MOST && this.trace) this.offer(this.trace.code.length);
    this.layout = wanted;
    this.words = words;
    this.svg.style.fontSize = `${words}px`;
    this.svg.setAttribute("viewBox", `0 0 ${wanted.width} ${wanted.height}`);
    this.svg.style.maxWidth = `${wanted === WIDE ? 960 : 400}px`;
    this.paint();
  }

  paint() {
    const { trace, layout, pick, backwards, inside } = this;
    if (!layout) return;
    const values = trace ? atNodes(trace, pick) : {};
    const words = !trace ? {} : backwards ? gradientsOnEdges(trace, pick, inside) : onEdges(trace);
    if (inside) delete values.epsilon;
    const hidden = (name) => inside && name === "epsilon";
    const edges = Object.entries(layout.edges).filter(([ends]) => !ends.split(" ").some(hidden));
    const nodes = Object.entries(layout.nodes).filter(([name]) => !hidden(name));
    this.svg.replaceChildren(
      this.arrowhead(),
      ...nodes.map(([name, place]) => this.node(name, place, values[name] ?? "")),
      ...edges.map(([ends, [path, place]]) => this.edge(ends, path, place, words)),
    );
    this.svg.setAttribute("aria-label", trace ? spoken(values, words, backwards) : "From picture to loss: nothing is drawn yet.");
    this.legend.textContent = backwards ? told(inside) : "";
  }

  arrowhead() {
    const head = drawn("marker", { id: this.id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" });
    head.append(drawn("path", { d: "M0,0.5 L8,4 L0,7.5 Z", class: "head" }));
    return drawn("defs", {}, head);
  }

  // Backwards only what the encoder and the decoder could learn from is drawn as a way.
  edge(ends, path, [x, y, anchor = "middle"], words) {
    const blocked = words[ends] === null;
    const flows = this.backwards && (ends in words || ends === "picture distortion");
    const kind = blocked ? "blocked" : flows ? "back" : this.backwards ? "quiet" : "forth";
    const line = drawn("path", { d: path, class: "edge" });
    if (!blocked) line.setAttribute(flows ? "marker-start" : "marker-end", `url(#${this.id})`);
    const label = drawn("text", { x, y, "text-anchor": anchor });
    label.textContent = blocked ? "✕ none" : (words[ends] ?? "");
    return drawn("g", { class: kind, "data-edge": ends.replace(" ", "-") }, line, label);
  }

  node(name, [x, y], value) {
    const { words } = this;
    const group = drawn("g", { class: `node ${name}`, transform: `translate(${x},${y})` });
    if (PICTURES.includes(name)) group.append(this.picture(name), written(NAMES[name], 30 + words, "name"));
    else if (name in NETWORKS) group.append(drawn("path", { d: NETWORKS[name] }), written(NAMES[name], words / 3, "name"));
    else {
      const width = SMALL[name] ?? ROOM;
      const high = Math.max(HIGH, 2.6 * words);
      const dice = name === "code" && this.inside ? "z, by dice" : NAMES[name];
      group.append(
        drawn("rect", { x: -width / 2, y: -high / 2, width, height: high, rx: high / 2 }),
        written(dice, -0.24 * words, "name"),
        written(value, 1.04 * words, "value"),
      );
    }
    return group;
  }

  picture(name) {
    const frame = { x: -28, y: -28, width: 56, height: 56 };
    if (!this.trace) return drawn("rect", { ...frame, class: "screen" });
    const canvas = make("canvas");
    paintGrey(canvas, this.trace[name], this.trace.side);
    return drawn("image", { ...frame, href: canvas.toDataURL() });
  }
}

function written(content, y, kind) {
  const element = drawn("text", { y, "text-anchor": "middle", class: kind });
  element.textContent = content;
  return element;
}

function told(inside) {
  const each = "At each arrow: by how much the loss would grow, for each unit that the number there grew.";
  const blocked = "Dice have no slope, so nothing of the distortion comes through them to the encoder: only the rate still speaks to it.";
  const open = "What comes to μ and log σ² on two ways adds up on the way to the encoder. Where noise enters, ε, nothing needs to be learnt.";
  return `${each} ${inside ? blocked : open}`;
}
