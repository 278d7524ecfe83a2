// Below the chosen data set: how many images it has, or how to get it here. Of pictures that the
// visitor brought, the first ones as a model will see them.

import { make } from "../../ui/elements.js";
import { size, whole } from "../../ui/numbers.js";
import { Bring } from "./bring.js";
import { imageOf } from "../runs/pictures.js";
import { call, lookAt, remove } from "../server.js";

const ACROSS = 7; // pictures beside each other
const KEPT = "mine:"; // how the names of pictures begin that lie on the server
const OFTEN = 500; // ms between two looks at a download

export class Pictures {
  // `take` hears of a data set that the visitor brought, `lose` of one that is gone, with the
  // reason, and `changed` that one has arrived.
  constructor(offer, { take, lose, changed }) {
    Object.assign(this, { lose, changed });
    this.facts = null;
    this.words = make("p", { className: "fact value" });
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.button = make("button", { type: "button", className: "plain" }, "Download it");
    this.button.addEventListener("click", () => this.fetch(this.facts));
    this.bar = make("progress", { max: 1, value: 0, hidden: true, ariaLabel: "Download" });
    this.strip = make("canvas", { className: "pixels seen", hidden: true });
    this.strip.setAttribute("role", "img");
    this.strip.setAttribute("aria-label", "Some of these pictures as a model will see them");
    this.gone = make("button", { type: "button", className: "plain quiet", hidden: true }, "Remove them from the server");
    this.gone.addEventListener("click", () => this.remove(this.facts));
    this.own = make("button", { type: "button", className: "plain quiet", hidden: !offer.pictures, ariaExpanded: "false" }, "Bring your own pictures…");
    this.bring = new Bring(offer.pictures ?? {}, take, (news) => this.tell(news));
    this.own.addEventListener("click", () => (this.bring.element.hidden = !this.bring.element.hidden));
    new MutationObserver(() => (this.own.ariaExpanded = String(!this.bring.element.hidden)))
      .observe(this.bring.element, { attributeFilter: ["hidden"] });
    this.element = make("div", { className: "dataset" }, this.words, this.strip, this.gone, this.button, this.bar, this.own, this.bring.element, this.wrong);
  }

  show(facts) {
    this.facts = facts;
    this.wrong.textContent = "";
    const missing = facts && !facts.present;
    this.button.hidden = !(missing && facts.downloadable);
    this.bar.hidden = this.strip.hidden = true;
    this.gone.hidden = !facts?.name.startsWith(KEPT);
    if (facts?.own) this.look(facts);
    if (!facts || facts.own) this.words.textContent = "";
    else if (facts.present) this.words.textContent = facts.images ? `${whole(facts.images)} images, on this machine` : "on this machine";
    else this.words.textContent = facts.downloadable ? "not on this machine yet" : "not on this machine";
  }

  async fetch(facts) {
    const current = () => facts === this.facts;
    this.button.hidden = true;
    this.wrong.textContent = "";
    try {
      for (;;) {
        const { state, done_bytes: done, total_bytes: total, sentence } = await call("data-get", { name: facts.name });
        if (state === "failed") throw new Error(sentence);
        if (state === "done") break;
        if (current()) this.progress(done, total);
        await new Promise((resolve) => setTimeout(resolve, OFTEN));
      }
      facts.present = true;
      if (current()) this.show(facts);
      this.changed();
    } catch (error) {
      if (!current()) return;
      this.show(facts);
      this.wrong.textContent = error.message;
    }
  }

  // Runs that were trained on them keep what they learnt.
  async remove(facts) {
    try {
      await remove(facts.name);
      this.lose(facts, "these pictures are removed from the server.");
    } catch (error) {
      if (facts === this.facts) this.wrong.textContent = error.message;
    }
  }

  progress(done, total) {
    this.bar.hidden = false;
    if (total) this.bar.value = done / total;
    else this.bar.removeAttribute("value");
    this.words.textContent = total ? `${size(done)} of ${size(total)}` : "connecting";
  }

  // How far the visitor's pictures are: what is said of them, and which share has arrived, null
  // while that cannot be known.
  tell({ words, progress, wrong }) {
    if (wrong) this.show(this.facts);
    this.wrong.textContent = wrong ?? "";
    if (wrong) return;
    this.words.textContent = words;
    this.bar.hidden = false;
    if (progress === null) this.bar.removeAttribute("value");
    else this.bar.value = progress;
  }

  async look(facts) {
    try {
      const { pictures, side, shown, sentence } = await lookAt(facts.name);
      if (facts !== this.facts) return;
      this.words.textContent = sentence;
      Object.assign(this.strip, { width: ACROSS * side, height: Math.ceil(shown / ACROSS) * side, hidden: false });
      const context = this.strip.getContext("2d");
      for (let n = 0; n < shown; n++) {
        context.putImageData(imageOf(pictures.subarray(n * side * side, (n + 1) * side * side), side), (n % ACROSS) * side, Math.floor(n / ACROSS) * side);
      }
    } catch (error) {
      if (facts !== this.facts) return;
      if (error.cause) this.wrong.textContent = error.message; // the server did not answer
      else this.lose(facts, error.message);
    }
  }
}
