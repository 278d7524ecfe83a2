// The line above the curves of a run: how far it is, how fast, and what can be done with it.

import { download, make, write } from "../../ui/elements.js";
import { duration, nats, perPixel, whole } from "../../ui/numbers.js";
import { call, script, weights } from "../server.js";
import { ACTIVE, stateOf } from "../words.js";

const ENDED = ["done", "stopped", "failed", "interrupted"];

export class Head {
  // `wished` hears the id of the run that now does what was wished: another one after a rewind.
  constructor(wished) {
    this.wished = wished;
    this.letter = make("span", { className: "letter" });
    this.name = make("h3", {});
    this.state = make("span", { className: "state" });
    this.numbers = make("span", { className: "numbers value" });
    this.bar = make("progress", { max: 1, value: 0, ariaLabel: "Epochs done" });
    this.sentence = make("p", { className: "sentence" });
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.buttons = {
      pause: this.button("Pause", () => this.wish(this.facts.state === "running" ? "pause" : "resume")),
      step: this.button("Step", () => this.wish("step"), "Train one more epoch, then pause"),
      stop: this.button("Stop", () => this.wish("stop")),
      rewind: this.button("Rewind", () => this.wish("rewind"), "Start again from the same initial weights"),
      weights: this.button("Download", () => this.fetch(), "The weights with their recipe, as safetensors"),
      script: this.button("Script", () => this.fetchScript(), "Ten lines of Python that load the weights"),
    };
    const { weights: file, script: lines, ...controls } = this.buttons;
    this.element = make("header", { className: "run-head" },
      make("div", { className: "title" }, this.letter, this.name, this.state, this.numbers),
      this.bar,
      make("div", { className: "does", role: "group" }, ...Object.values(controls), make("span", { className: "gap" }), file, lines),
      this.sentence, this.wrong);
  }

  button(words, act, title = "") {
    const button = make("button", { type: "button", className: "plain", title, dataset: { do: words.toLowerCase() } }, words);
    button.addEventListener("click", act);
    return button;
  }

  show({ facts, lines, trouble }, letter) {
    if (!facts) {
      this.wrong.textContent = trouble;
      return;
    }
    this.facts = facts;
    const { name, state, epoch, epochs } = facts;
    this.element.dataset.state = state;
    this.letter.hidden = !letter;
    write(this.letter, letter);
    write(this.name, name);
    write(this.state, stateOf(facts));
    this.element.querySelector(".does").setAttribute("aria-label", `What ${name} shall do`);
    const last = lines.at(-1);
    const words = [`epoch ${whole(Math.floor(epoch ?? 0))} of ${whole(epochs)}`];
    if (last?.images_per_second) words.push(`${whole(last.images_per_second)} images/s`);
    if (last?.seconds_left && state === "running") words.push(`${duration(last.seconds_left)} left`);
    const done = lines.findLast(({ kind }) => kind === "epoch");
    if (done) words.push(held(done));
    write(this.numbers, words.join(" · "));
    this.bar.value = epochs ? (last?.epoch ?? epoch ?? 0) / epochs : 0;
    write(this.sentence, facts.sentence ?? "");
    if (trouble) this.tell(trouble);
    this.enable(state, lines);
  }

  tell(sentence) {
    write(this.wrong, sentence);
  }

  enable(state, lines) {
    const { pause, step, stop, rewind, weights: file } = this.buttons;
    const learnt = state === "done" || lines.some(({ kind }) => kind === "epoch");
    write(pause, state === "running" || state === "waiting" ? "Pause" : "Resume");
    pause.disabled = state === "waiting" || state === "done";
    step.disabled = !["running", "paused"].includes(state);
    stop.disabled = ENDED.includes(state);
    rewind.disabled = ACTIVE.includes(state);
    file.disabled = this.buttons.script.disabled = !learnt;
  }

  // What the run last said, in words for those who listen.
  spoken({ facts, lines }) {
    const last = lines.findLast(({ kind }) => kind === "epoch");
    const numbers = last ? ` Distortion of held-out images ${nats(last.held_out_distortion)} nats.` : "";
    return `${facts.name}: ${stateOf(facts)}.${facts.state === "running" ? "" : numbers}`;
  }

  async wish(wish) {
    this.wrong.textContent = "";
    try {
      const { id } = await call("train-wish", { id: this.facts.id, wish });
      this.wished(id);
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }

  async fetch() {
    this.wrong.textContent = "";
    try {
      download(await weights(this.facts.id), `${this.facts.name}.safetensors`, "application/octet-stream");
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }

  async fetchScript() {
    this.wrong.textContent = "";
    try {
      download(await script(), "load_model.py", "text/x-python");
    } catch (error) {
      this.wrong.textContent = error.message;
    }
  }
}

// What the last epoch came to, also as tutorials often write it.
function held({ held_out_distortion: distortion, held_out_rate: rate }) {
  const sum = distortion + rate;
  return `held out ${nats(sum)} nats, ${perPixel(sum)} a pixel`;
}
