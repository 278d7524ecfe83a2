// Below the chosen data set: how many images it has, or how to get it here.

import { make } from "../map/make.js";
import { call } from "./server.js";
import { size, whole } from "./words.js";

const OFTEN = 500; // ms between two looks at a download

export class Pictures {
  // `take` hears of a data set that the visitor brought, `changed` that one has arrived.
  constructor(offer, take, changed) {
    this.take = take;
    this.changed = changed;
    this.facts = null;
    this.words = make("p", { className: "fact value" });
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.button = make("button", { type: "button", className: "plain" }, "Download it");
    this.button.addEventListener("click", () => this.fetch(this.facts));
    this.bar = make("progress", { max: 1, value: 0, hidden: true, ariaLabel: "Download" });
    this.file = make("input", { type: "file", accept: ".zip,application/zip", hidden: true });
    this.file.addEventListener("change", () => this.bring());
    this.own = make("button", { type: "button", className: "plain quiet", hidden: !offer.pictures }, "Bring your own pictures…");
    this.own.title = "A zip file of pictures. Each is made grey and 28 by 28 pixels";
    this.own.addEventListener("click", () => this.file.click());
    this.element = make("div", { className: "dataset" }, this.words, this.button, this.bar, this.own, this.file, this.wrong);
  }

  show(facts) {
    this.facts = facts;
    this.wrong.textContent = "";
    const missing = facts && !facts.present;
    this.button.hidden = !(missing && facts.downloadable);
    this.bar.hidden = true;
    if (!facts) this.words.textContent = "";
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

  progress(done, total) {
    this.bar.hidden = false;
    if (total) this.bar.value = done / total;
    else this.bar.removeAttribute("value");
    this.words.textContent = total ? `${size(done)} of ${size(total)}` : "connecting";
  }

  async bring() {
    const [file] = this.file.files;
    if (!file) return;
    this.wrong.textContent = "";
    this.words.textContent = `Reading ${file.name}.`;
    this.own.disabled = true;
    try {
      const body = new Uint8Array(await file.arrayBuffer());
      const { dataset, images, sentence } = await call("pictures", {}, body);
      this.take({ name: dataset, label: `yours: ${file.name}`, present: true, downloadable: false, images });
      if (sentence) this.words.textContent = sentence;
    } catch (error) {
      this.show(this.facts);
      this.wrong.textContent = error.message;
    } finally {
      this.own.disabled = false;
      this.file.value = "";
    }
  }
}
