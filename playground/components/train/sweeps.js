// The sweeps of the command line: one of them as a trade-off of rate and distortion.

import { make } from "../ui/elements.js";
import { TradeOff } from "../ui/tradeoff.js";
import { call } from "./server.js";

export class Sweeps {
  // `open` hears the id of a run to show.
  constructor(open, signal) {
    this.name = null; // of the chosen one; the newest until somebody chooses
    this.chooser = make("select", { ariaLabel: "Sweep" });
    this.chooser.addEventListener("change", () => {
      this.name = this.chooser.value;
      this.refresh();
    });
    this.state = make("span", { className: "fact value" });
    this.chart = new TradeOff(open, signal);
    this.legend = make("p", { className: "fact key" });
    this.hint = make("p", { className: "fact" });
    this.wrong = make("p", { className: "wrong", role: "alert" });
    this.element = make("section", { className: "sweeps", ariaLabel: "Sweeps" },
      make("header", {}, make("h3", { tabIndex: 0, dataset: { term: "train-sweep" } }, "Sweeps"), this.chooser, this.state),
      this.wrong, this.chart.element, this.legend, this.hint);
  }

  async refresh() {
    try {
      this.show(await call("train-sweeps", { name: this.name }));
      this.wrong.textContent = "";
    } catch (error) {
      this.name = null; // it may have been removed
      this.wrong.textContent = error.message;
    }
  }

  show({ sweeps, sweep, command }) {
    this.chooser.hidden = this.chart.element.hidden = this.legend.hidden = !sweep;
    this.hint.hidden = Boolean(sweep);
    if (!this.hint.childElementCount) this.hint.replaceChildren("None yet. This command makes one, and its curve grows here: ", make("code", {}, command));
    if (!sweep) {
      this.state.textContent = "";
      return;
    }
    if ([...this.chooser.options].map(({ value }) => value).join("/") !== sweeps.join("/")) {
      this.chooser.replaceChildren(...sweeps.map((name) => new Option(name, name)));
    }
    this.chooser.value = sweep.name;
    this.state.textContent = progress(sweep);
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
    this.legend.replaceChildren(...models.flat(), "A mark a run, on held-out images. The line joins those that no other beats in both."
      + ` Along a dashed line the −ELBO is the same.${open}`);
  }
}

function progress({ runs, done, going, failed }) {
  if (done === runs) return `${runs} runs, all done`;
  const words = `${done} of ${runs} runs done`;
  if (going) return `${words}, the others are on their way`;
  return `${words}${failed ? `, ${failed} failed` : ""}. It was stopped; the same command goes on with it`;
}
