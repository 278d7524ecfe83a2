// The sweeps of the command line: one of them as a trade-off of rate and distortion, which grows while
// it trains. A mark opens its run in the Train tab.

import { ask, pack } from "../../../engine/wire.js";
import { make, write } from "../../../ui/elements.js";
import { TradeOff } from "../../../ui/charts/tradeoff.js";

const SELDOM = 2000; // ms between two looks: sweeps come and go without the page

export class Sweeps {
  constructor(life) {
    this.life = life;
    this.name = null; // of the chosen one; the newest until somebody chooses
    this.timer = 0;
    this.chooser = make("select", { ariaLabel: "Sweep" });
    this.chooser.addEventListener("change", () => {
      this.name = this.chooser.value;
      this.look();
    });
    this.state = make("span", { className: "caption value" });
    this.chart = new TradeOff((id) => (location.hash = `tab=train&open=${encodeURIComponent(id)}`), life);
    this.legend = make("p", { className: "caption key" });
    this.hint = make("p", { className: "caption" });
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.element = make("details", { className: "sweeps", hidden: true },
      make("summary", { dataset: { term: "train-sweep" } }, "Sweeps of your own"),
      make("header", {}, this.chooser, this.state),
      this.wrong, this.chart.element, this.legend, this.hint);
    this.element.addEventListener("toggle", () => this.look());
    life.addEventListener("abort", () => clearTimeout(this.timer));
  }

  // Now, and again and again while somebody sees it.
  async look() {
    clearTimeout(this.timer);
    const { name } = this;
    try {
      const reply = await ask("live/train-sweeps", pack({ name }, new Uint8Array()));
      const found = await reply.json();
      if (name !== this.name) return; // another was chosen meanwhile, and asked for
      this.show(found);
      write(this.wrong, "");
    } catch (error) {
      if (name !== this.name) return;
      this.name = null; // it may have been removed
      write(this.wrong, error.message);
    }
    clearTimeout(this.timer);
    if (this.element.open && this.element.offsetParent && !this.life.aborted) this.timer = setTimeout(() => this.look(), SELDOM);
  }

  // Without a command there can be none: the page is one for strangers.
  show({ sweeps, sweep, command }) {
    this.element.hidden = !command;
    this.chooser.hidden = this.chart.element.hidden = this.legend.hidden = !sweep;
    this.hint.hidden = Boolean(sweep);
    if (!this.hint.childElementCount) this.hint.replaceChildren("None yet. This command makes one, and its curve grows here: ", make("code", {}, command ?? ""));
    if (!sweep) {
      this.state.textContent = "";
      return;
    }
    if ([...this.chooser.options].map(({ value }) => value).join("/") !== sweeps.join("/")) {
      this.chooser.replaceChildren(...sweeps.map((name) => new Option(name, name)));
    }
    this.chooser.value = sweep.name;
    write(this.state, progress(sweep));
    this.chart.show(sweep.points, sweep.models);
    const models = Object.entries(sweep.models).map(([name, { label, colour }]) => {
      const words = make("b", {}, `${label} (${name})`);
      words.style.borderBottom = `2px solid ${colour}`;
      return [words, " "];
    });
    const open = sweep.done < sweep.runs ? " Hollow marks are still on their way." : "";
    const signature = JSON.stringify([sweep.models, open]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.legend.replaceChildren(...models.flat(), "A mark a run, on held-out images; choose one to open it in Train. The line joins those that no other beats in both."
      + ` Along a dashed line the −ELBO is the same.${open}`);
  }
}

function progress({ runs, done, going, failed }) {
  if (done === runs) return `${runs} runs, all done`;
  const words = `${done} of ${runs} runs done`;
  if (going) return `${words}, the others are on their way`;
  return `${words}${failed ? `, ${failed} failed` : ""}. It was stopped; the same command goes on with it`;
}
