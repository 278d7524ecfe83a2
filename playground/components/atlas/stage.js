// The two maps side by side and what lies below them: what is pointed at in one shows in all.

import { speaker } from "../ui/elements.js";
import { putOnCanvas } from "../ui/inkwell.js";
import { strangers } from "./choices.js";
import { Drawn } from "./drawn.js";
import { Found } from "./found.js";
import { Panel } from "./panel.js";
import { Pictures } from "./pictures.js";

const HOW_TO_PICK = "Draw around digits with the lasso, or find digits among strangers.";

export class Stage {
  // `say` shows a sentence above the maps.
  constructor(find, classes, say, signal) {
    this.find = find;
    this.say = say;
    this.tell = speaker(find(".pointed"));
    this.model = null;
    this.kept = new Map(); // model -> Pictures
    this.picked = null;
    this.tool = "";
    const calls = {
      hover: (panel, index) => this.hover(panel, index),
      choose: (_, index) => this.toCanvas(index),
      pick: (_, indices) => this.pick(indices, `${count(indices.length)} picked`),
      clear: () => this.pick(null),
    };
    const panel = (name) => new Panel(find(".map-template"), classes, name, calls, signal);
    [this.main, this.beside] = [panel("codes"), panel("pixels")];
    find(".maps").append(this.main.element, this.beside.element);
    const go = { goTo: (index) => this.goTo(index), look: (index) => this.look(index) };
    this.drawn = new Drawn(find(".drawn"), classes, go);
    this.found = new Found(find(".found"), classes, { ...go, clear: () => this.pick(null) });
    for (const button of find(".tools-of-maps").children) {
      button.addEventListener("click", () => this.use(button.dataset.tool));
    }
    find(".atlas-zone").addEventListener("keydown", (event) => event.key === "Escape" && this.pick(null));
    if (!matchMedia("(pointer: coarse)").matches) this.use("move");
    this.pick(null);
  }

  both(act) {
    act(this.main);
    act(this.beside);
  }

  get pictures() {
    if (!this.model) return null;
    const { model } = this;
    if (!this.kept.has(model.name)) {
      const arrived = () => this.model.name === model.name && this.arrived();
      this.kept.set(model.name, new Pictures(model, arrived, (error) => this.say(error.message)));
    }
    return this.kept.get(model.name);
  }

  forget(name) {
    this.kept.delete(name);
  }

  arrived() {
    this.both((panel) => panel.paintBubble());
    this.found.paint();
    this.drawn.paint();
  }

  // Shows the map of a model, and that of the raw pixels if there is one; each with its `title`
  // and `what` it is. Digits that stay glide there in `duration` ms.
  show(model, main, beside, duration) {
    const same = this.model === model && this.main.shown?.count === main.count;
    this.model = model;
    this.main.show(main, this.pictures, duration);
    if (beside) this.beside.show(beside, this.pictures, duration);
    if (same) this.both(({ scatter }) => scatter.pick(this.picked));
    else this.pick(null);
  }

  // Whether the raw pixels are in sight.
  showBeside(shown) {
    this.beside.element.hidden = !shown;
    this.find(".maps").classList.toggle("alone", !shown);
  }

  hide(hidden) {
    this.both(({ scatter }) => scatter.hide(hidden));
  }

  hover(panel, index) {
    const other = panel === this.main ? this.beside : this.main;
    other.scatter.point(index);
    panel.showBubble(true);
    other.showBubble(false);
    const { labels } = panel.shown;
    this.tell(index < 0 ? "" : `${oneOf(labels[index])}, number ${written(index + 1)} of ${written(labels.length)}.`);
  }

  // A picture below the maps is pointed at: rings show where it lies.
  look(index) {
    this.both((panel) => {
      panel.scatter.point(index);
      panel.showBubble(false);
    });
  }

  goTo(index) {
    this.beside.scatter.goTo(index);
    this.main.scatter.goTo(index);
    this.main.element.scrollIntoView({ block: "nearest" });
  }

  async toCanvas(index) {
    try {
      const grey = await this.pictures.one(index);
      const label = this.main.shown.labels[index];
      putOnCanvas(grey, Math.sqrt(grey.length), `${oneOf(label)} from the atlas, as ${this.model.label} draws it.`);
    } catch (error) {
      this.say(error.message);
    }
  }

  pick(indices, sentence = HOW_TO_PICK) {
    this.picked = indices;
    this.both(({ scatter }) => scatter.pick(indices));
    this.found.show(indices, sentence, this.main.shown, this.pictures);
  }

  search(own, theirs) {
    const map = this.main.shown;
    if (!map?.majority) {
      this.say("The neighbours can be compared when the map is finished.");
      return;
    }
    const found = strangers(map, own, theirs);
    const among = theirs === null ? "any others" : `${theirs}s`;
    this.pick(found, `${found.length} of the ${own}s sit among ${among}`);
  }

  // What dragging does. A finger scrolls the page again when its tool is pressed once more.
  use(tool) {
    const again = tool === this.tool && matchMedia("(pointer: coarse)").matches;
    this.tool = again ? "" : tool;
    for (const button of this.find(".tools-of-maps").children) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === this.tool));
    }
    this.find(".maps").dataset.tool = this.tool;
    this.both(({ scatter }) => (scatter.tool = this.tool));
  }

  // The digits nearest to the drawing; null if there is no drawing.
  settle(placed) {
    this.drawn.show(placed, this.pictures);
    this.main.scatter.settle(placed && { indices: placed.indices, weights: placed.weights });
    // Raw pixels have no encoder: there the five neighbours are marked, and no place.
    this.beside.scatter.settle(placed && { indices: placed.indices, weights: null });
  }
}

function written(number) {
  return number.toLocaleString("en-GB");
}

function count(number) {
  return `${written(number)} ${number === 1 ? "digit" : "digits"}`;
}

// A digit with its article.
const oneOf = (label) => `${label === 8 ? "An" : "A"} ${label}`;
