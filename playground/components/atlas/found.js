// The digits that were picked out, by an outline or by a search: how many, of which classes, their
// mean, and the digits themselves.

import { paintGrey, paintNothing } from "../ui/pixels.js";
import { paintThumb, thumb } from "./pictures.js";

const PAGE = 40; // pictures until the visitor asks for more
const MOST = 1000; // digits in a mean

export class Found {
  // `calls`: goTo(index), look(index or -1), clear().
  constructor(element, classes, calls) {
    this.find = (selector) => element.querySelector(selector);
    this.element = element;
    this.classes = classes;
    this.calls = calls;
    this.indices = null;
    this.thumbs = [];
    this.turn = 0;
    this.find("[data-do=clear]").addEventListener("click", calls.clear);
    this.find("[data-do=more]").addEventListener("click", () => this.more());
    this.find(".histogram").append(...classes.map((colour, name) => column(colour, name)));
  }

  // Shows digits by number; null shows how to pick some.
  show(indices, sentence, map, pictures) {
    Object.assign(this, { indices, map, pictures, shown: PAGE });
    this.element.classList.toggle("none", !indices?.length);
    this.find(".tally").textContent = sentence;
    this.find("[data-do=clear]").hidden = !indices;
    this.thumbs = [];
    this.find("[data-do=more]").hidden = true;
    if (!indices) return;
    this.paintHistogram();
    this.paintMean();
    this.showGallery();
    pictures.want(indices.slice(0, this.shown));
  }

  more() {
    this.shown += PAGE;
    this.pictures.want(this.indices.slice(0, this.shown));
    this.showGallery();
  }

  paintHistogram() {
    const counts = this.classes.map(() => 0);
    for (const i of this.indices) counts[this.map.labels[i]]++;
    const most = Math.max(1, ...counts);
    counts.forEach((count, name) => {
      const bar = this.find(".histogram").children[name];
      bar.querySelector(".fill").style.height = `${(100 * count) / most}%`;
      bar.querySelector(".count").textContent = count || "";
      bar.title = `${count} of class ${name}`;
    });
  }

  async paintMean() {
    const canvas = this.find(".mean canvas");
    const turn = ++this.turn;
    paintNothing(canvas, 28);
    if (!this.indices.length) return;
    const every = Math.ceil(this.indices.length / MOST);
    const some = this.indices.filter((_, i) => i % every === 0);
    try {
      const grey = await this.pictures.mean(some);
      if (turn === this.turn) paintGrey(canvas, grey, Math.sqrt(grey.length));
    } catch {
      // The mean stays empty; the notice above the maps says what is wrong.
    }
  }

  showGallery() {
    const { labels } = this.map;
    this.thumbs = this.indices.slice(0, this.shown).map((i) => {
      const button = thumb(`Go to this ${labels[i]}, number ${i + 1}`, "", this.classes[labels[i]], {
        act: () => this.calls.goTo(i),
        look: (on) => this.calls.look(on ? i : -1),
      });
      button.dataset.index = i;
      return button;
    });
    this.find(".gallery").replaceChildren(...this.thumbs);
    const left = this.indices.length - this.shown;
    this.find("[data-do=more]").hidden = left <= 0;
    this.find("[data-do=more]").textContent = `${left.toLocaleString("en-GB")} more`;
    this.paint();
  }

  paint() {
    for (const button of this.thumbs) paintThumb(button, this.pictures.get(Number(button.dataset.index)));
  }
}

function column(colour, name) {
  const element = document.createElement("div");
  const count = document.createElement("span");
  count.className = "count value";
  const bar = document.createElement("span");
  bar.className = "fill";
  bar.style.background = colour;
  const track = document.createElement("span");
  track.className = "column";
  track.append(bar);
  element.append(count, track, String(name));
  return element;
}
