// One map with its heading, its buttons, the digit under the pointer, and its numbers.

import { download, fileName } from "../ui/elements.js";
import { paintGrey } from "../ui/pixels.js";
import { Scatter } from "./scatter/scatter.js";
import { table } from "./table.js";

const BESIDE = 18; // px between a dot and the picture of its digit
const AROUND = 64; // px around the pointer within which digits are fetched ahead
const AHEAD = 60;
const K = 15; // neighbours that the numbers are about, where there are so many digits

const NUMBERS = {
  trustworthiness: (value) => value.toFixed(3),
  map_accuracy: (value) => `${(100 * value).toFixed(1)} %`,
  code_accuracy: (value) => `${(100 * value).toFixed(1)} %`,
  kl: (value) => `${value.toFixed(3)} nats`,
};

export class Panel {
  // `calls` as for a scatter, each with this panel in front.
  constructor(template, classes, name, calls, signal) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.element.querySelector(selector);
    this.element.dataset.panel = name;
    this.shown = null;
    this.pictures = null;
    const own = Object.fromEntries(Object.entries(calls).map(([key, call]) => [key, (value) => call(this, value)]));
    this.scatter = new Scatter(this.element, classes, { ...own, moved: () => this.placeBubble() }, signal);
    const buttons = { closer: () => this.scatter.zoomAt(1.5), farther: () => this.scatter.zoomAt(1 / 1.5), fit: () => this.scatter.fit(), save: () => this.save() };
    for (const [name_, act] of Object.entries(buttons)) this.find(`[data-do=${name_}]`).addEventListener("click", act);
    this.label(name);
  }

  label(words) {
    this.find(".marks").setAttribute(
      "aria-label",
      `Map: ${words}. Arrow keys step from digit to digit, with Shift they move the map; plus and minus zoom; Enter puts the digit on the canvas; Escape clears.`,
    );
  }

  // Shows a map with its `title` and `what` it is; `pictures` draws the digits of the bubble.
  show(map, pictures, duration) {
    const { title, what } = map;
    this.shown = map;
    this.pictures = pictures;
    this.find("h3").replaceChildren(...title);
    this.find(".what").textContent = what;
    this.label(`${this.find("h3").textContent}, ${what}`);
    for (const [name, write] of Object.entries(NUMBERS)) {
      const cell = this.find(`[data-number=${name}]`);
      cell.textContent = Number.isFinite(map[name]) ? write(map[name]) : "–";
    }
    const k = Math.min(K, Math.floor((map.labels.length - 1) / 2));
    this.find("[data-term=map-accuracy] dt").textContent = `${k}-NN on the map`;
    this.scatter.show(map, duration);
  }

  save() {
    if (!this.shown) return;
    const { view, count } = this.shown;
    download(table(this.shown), fileName(`${this.find("h3").textContent} ${view ?? "t-SNE run"} ${count}`, "csv"), "text/csv");
  }

  // Shows the digit under the ring; `large` with its picture, else the ring alone says where.
  showBubble(large) {
    this.large = large;
    const { hovered } = this.scatter;
    this.find(".bubble").hidden = hovered < 0 || !large;
    if (hovered < 0) return;
    const label = this.shown.labels[hovered];
    const among = this.shown.majority?.[hovered];
    this.find(".bubble span").textContent = among === undefined || among === label ? `a ${label}` : `a ${label} among ${among}s`;
    this.paintBubble();
    this.placeBubble();
    if (large) this.fetchAround();
  }

  paintBubble() {
    const grey = this.pictures?.get(this.scatter.hovered);
    if (grey) paintGrey(this.find(".bubble canvas"), grey, Math.sqrt(grey.length));
    this.find(".bubble").classList.toggle("waiting", !grey);
  }

  // The digit itself first, then those that the pointer may come to next.
  fetchAround() {
    const { hovered, places, seen } = this.scatter;
    const [x, y] = this.scatter.placeOf(hovered);
    const near = [hovered];
    for (let i = 0; 3 * i < places.length && near.length < AHEAD; i++) {
      if (Math.hypot(places[3 * i] - x, places[3 * i + 1] - y) < AROUND && seen(i)) near.push(i);
    }
    this.pictures.hurry(near);
  }

  placeBubble() {
    const bubble = this.find(".bubble");
    const { hovered, view } = this.scatter;
    if (bubble.hidden || hovered < 0) return;
    const [x, y] = this.scatter.placeOf(hovered);
    const { offsetWidth: width, offsetHeight: height } = bubble;
    const left = x + BESIDE + width < view.width ? x + BESIDE : x - BESIDE - width;
    const top = Math.min(view.height - height - 4, Math.max(4, y - height / 2));
    bubble.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }
}
