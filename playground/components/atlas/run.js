// Runs t-SNE in the page: the form, the progress, and the frames as they come.

import { newSeed } from "../engine/numbers/random.js";
import { served } from "../state/models.js";
import { speaker } from "../ui/elements.js";
import { follow } from "./maps.js";

const LEAST = 50; // ms a glide takes
const MOST = 500;
const PATIENCE = 5000; // ms for the first frame; large maps take some
const HELD = "Running: no frame has come yet. What lies between this page and its server may keep them until the map is done.";

export class Run {
  // `calls`: begin(count), frame(message, duration), end(sentence).
  constructor(form, calls) {
    this.find = (selector) => form.querySelector(selector);
    this.form = form;
    this.calls = calls;
    this.control = null;
    this.tell = speaker(this.find(".spoken"));
    form.elements.points.addEventListener("change", () => this.fit());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    this.find("[data-do=cancel]").addEventListener("click", () => this.cancel());
    this.find("[data-do=seed]").addEventListener("click", () => (form.elements.seed.value = newSeed() % 1000));
  }

  // Which atlases the next run would be of, and how many digits they hold.
  offer(atlases, count) {
    this.atlases = atlases;
    const { points } = this.form.elements;
    atMost(points, Math.min(5000, count));
    this.fit();
  }

  // Each digit's neighbours are under a third of all.
  fit() {
    const { points, perplexity } = this.form.elements;
    atMost(perplexity, Math.max(2, Math.min(100, Math.ceil(Number(points.value) / 3) - 1)));
  }

  get settings() {
    const names = ["points", "perplexity", "iterations", "early_iterations", "exaggeration", "seed"];
    const numbers = names.map((name) => [name, Number(this.form.elements[name].value)]);
    return { ...Object.fromEntries(numbers), dims: Number(this.find("[name=dims]:checked").value) };
  }

  start() {
    return served() ? this.go() : this.explain();
  }

  async go() {
    this.cancel();
    const control = new AbortController();
    const { settings } = this;
    this.control = control;
    this.running = this.atlases;
    this.last = null;
    this.show(true);
    this.say("Running: finding the neighbours.", 0);
    const held = setTimeout(() => !this.last && control === this.control && this.say(HELD), PATIENCE);
    this.calls.begin(settings.points);
    let sentence = "";
    try {
      const header = { atlases: this.running, ...settings };
      await follow(header, control.signal, (message) => control === this.control && this.hear(message));
    } catch (error) {
      sentence = error.message;
    }
    clearTimeout(held);
    if (control !== this.control) return; // another run has begun, or this one was cancelled
    this.control = null;
    this.show(false);
    if (sentence) this.say(sentence);
    this.calls.end();
  }

  // On a page without a server: what a run would do, in the place of its progress.
  async explain() {
    try {
      const { inApp } = await import("../ui/app.js");
      this.find(".absent").replaceChildren(await inApp("tsne"));
    } catch (error) {
      this.say(error.message);
    }
  }

  hear(message) {
    const { header } = message;
    if (header.atlas === this.running[0]) {
      const now = performance.now();
      this.pace = this.last ? Math.min(MOST, Math.max(LEAST, now - this.last)) : 0;
      this.last = now;
      const words = header.done ? "Done" : header.iteration < this.settings.early_iterations ? "Exaggerated" : "Settling";
      this.say(`${words}: iteration ${header.iteration} of ${header.of}, KL ${header.kl.toFixed(3)} nats.`, header.iteration / header.of, header.done ? undefined : words);
    }
    this.calls.frame(message, this.pace);
  }

  cancel() {
    if (!this.control) return;
    this.control.abort();
    this.control = null;
    this.show(false);
    this.say(`Stopped. ${this.find("output").textContent}`);
    this.calls.end();
  }

  show(running) {
    this.find("[data-do=start]").disabled = running;
    this.find("[data-do=cancel]").disabled = !running;
    this.form.classList.toggle("running", running);
    this.form.setAttribute("aria-busy", String(running));
  }

  // `aloud` stands for what would be too much to listen to.
  say(sentence, share = null, aloud = sentence) {
    this.tell(aloud);
    this.find("output").textContent = sentence;
    if (share !== null) this.find("progress").value = share;
  }
}

function atMost(field, most) {
  field.max = most;
  if (Number(field.value) > most) field.value = most;
}
