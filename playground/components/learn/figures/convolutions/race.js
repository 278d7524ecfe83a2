// The race: three real trainings as they were logged, on test and training images, and what each
// made of ten digits at its snapshots.

import { unpack } from "../../../engine/wire.js";
import { about, fact } from "../../../state/models.js";
import { signal, watch } from "../../../state/signals.js";
import { segments, tieRadios } from "../../../ui/choices.js";
import { make } from "../../../ui/elements.js";
import { EPOCHS, LossChart, SECONDS } from "../../../ui/charts/losses.js";
import { whole } from "../../../ui/numbers.js";
import { paintGrey } from "../../../ui/pixels.js";
import { verdict } from "./verdict.js";

const LINES = "Solid: on 10,000 test images. Dashed: on the training images, averaged over each epoch.";
const AXES = [["epochs", "Over epochs"], ["seconds", "Over seconds"]];
const EARLY = 3; // epochs whose high values may leave the chart, on either axis
const LABELS = { "fully-connected": "fully connected" }; // the others are called as their runs are

export class Race {
  constructor(lesson) {
    this.lesson = lesson;
    this.runs = null;
    this.axis = signal("epochs");
    this.at = null; // where on the axis the cursor is; null for the end
    this.chart = new LossChart("distortion", "Distortion", { signal: lesson.signal, moved: (stop) => this.move(stop) });
    this.choice = segments("race-axis", "Axis of the race", AXES);
    tieRadios(this.choice, this.axis, lesson.signal);
    this.rows = make("div", { className: "race-rows" });
    this.words = make("div", { className: "verdict" });
    this.element = make("div", { className: "race" }, make("div", { className: "settings" }, this.choice), this.chart.element, make("p", { className: "remark" }, LINES), this.rows, this.words);
    watch(() => this.axis.value, () => {
      this.at = null;
      this.paint();
    }, lesson.signal);
  }

  async refresh() {
    if (!this.runs) {
      const [reply, { models }] = await Promise.all([fact("race"), about()]);
      Object.assign(this, readRace(unpack(await reply.arrayBuffer()), models));
      this.originals = row("the ten digits", this.digits, this.side);
      for (const run of this.runs) run.row = row(run.label, run.shots.at(-1), this.side);
      this.rows.replaceChildren(this.originals.element, ...this.runs.map((run) => run.row.element));
      this.words.replaceChildren(...verdict(this.runs).map((sentence) => make("p", {}, sentence)));
    }
    this.paint();
  }

  paint() {
    if (!this.runs) return;
    const seconds = this.axis.value === "seconds";
    const x = seconds ? "seconds" : "epoch";
    const late = this.runs.flatMap(({ lines }) => lines.filter(({ epoch }) => epoch >= EARLY));
    const highest = Math.max(...late.flatMap((line) => [line.test_distortion, line.train_distortion]));
    const curves = this.runs.flatMap(({ label, colour, lines }) => [
      { label: `${label}, test`, colour, dashed: false, points: lines.map((line) => [line[x], line.test_distortion]) },
      { label: `${label}, training`, colour, dashed: true, unnamed: true, points: lines.map((line) => [line[x], line.train_distortion]) },
    ]);
    const end = Math.max(...this.runs.map(({ lines }) => lines.at(-1)[x]));
    this.chart.show(curves, end, { axis: seconds ? SECONDS : EPOCHS, highest });
    this.paintRows();
  }

  move(stop) {
    this.at = stop?.x ?? null;
    this.paintRows();
  }

  // At each run's snapshot that is nearest to the cursor.
  paintRows() {
    const x = this.axis.value === "seconds" ? "seconds" : "epoch";
    this.originals.paint(this.digits, "as the models see them");
    for (const { parameters, snapshots, shots, lines, row: { paint } } of this.runs) {
      const kept = snapshots.map((epoch) => lines.find((line) => line.epoch === epoch));
      const far = kept.map((line) => Math.abs(line[x] - (this.at ?? Infinity)));
      const nearest = this.at === null ? kept.length - 1 : far.indexOf(Math.min(...far));
      const { epoch, seconds, test_distortion: nats } = kept[nearest];
      paint(shots[nearest], `${whole(parameters)} weights; after ${epoch} epochs, ${Math.round(seconds)} s: ${nats.toFixed(1)} nats`);
    }
  }

  entries() {
    return [{ name: "axis", kind: "choice", names: AXES.map(([name]) => name), state: this.axis }];
  }
}

function readRace({ header: { side, count, nats, runs }, bytes }, models) {
  const ten = () => Array.from({ length: count }, () => bytes(side * side));
  const digits = ten();
  const read = runs.map((run) => ({
    ...run,
    label: LABELS[run.name] ?? run.name,
    colour: models.find(({ name }) => name.replace(/-\d+$/, "") === run.kind)?.colour ?? "currentcolor",
    lines: run.epochs.map(([epoch, seconds, ...values]) => ({
      epoch, seconds, ...Object.fromEntries(nats.map((name, i) => [name, values[i]])),
    })),
    shots: run.snapshots.map(ten),
  }));
  return { side, digits, runs: read };
}

// Ten pictures beside what they are.
function row(name, pictures, side) {
  const canvases = pictures.map((_, i) => make("canvas", { className: "pixels", role: "img", ariaLabel: `${name}: digit ${i}` }));
  const when = make("span");
  const element = make("div", { className: "race-row" }, make("p", {}, make("b", {}, name), when), make("div", { className: "ten" }, ...canvases));
  const paint = (shown, words) => {
    when.textContent = words;
    canvases.forEach((canvas, i) => paintGrey(canvas, shown[i], side));
  };
  return { element, paint };
}
