// Codes of every size: error against size for four kinds of model, and what each makes of a picture.

import { Busy, newest, pause, unpack } from "../../engine/wire.js";
import { SIDE, digit, input } from "../../state/input.js";
import { fact } from "../../state/models.js";
import { signal, watch } from "../../state/signals.js";
import { Chart } from "../../ui/charts/chart.js";
import { mark, segments, tieRadios } from "../../ui/choices.js";
import { make } from "../../ui/elements.js";
import { decibels } from "../../ui/numbers.js";
import { paintGrey, paintNothing } from "../../ui/pixels.js";
import { live } from "../parts.js";
import { coded, filesOf, psnr } from "./compression/codes.js";
import { fileCell, sizesGrid } from "./compression/grid.js";
import { squareOf } from "./compression/picture-file.js";

const AXES = [["numbers", "numbers"], ["bytes", "bytes"]];
const FORMATS = [["float", "4 bytes"], ["byte", "1 byte"]];
const DRAWING = "drawing";
const FILE = "file"; // of the visitor's
const SLOW = 300; // ms after which what is there is shown before all of it is
const CLEAR = 40; // dB: better files would only make the chart higher

export async function mount(element, lesson) {
  const { header: about, bytes } = unpack(await (await fact("compression")).arrayBuffer());
  const subjects = new Map(about.subjects.map(({ name }) => [name, bytes(SIDE * SIDE)]));
  const state = { axis: signal("numbers"), format: signal("float"), source: signal(DRAWING), size: about.numbers.indexOf(8) };
  let brought = null; // the picture of a visitor's file
  let own = null; // what came back of the picture on show
  let written; // the picture whose files are on show
  let refused = ""; // why the last file is not on show; an answer that was under way leaves it there

  const chart = new Chart("Size of the code; arrow keys change it", {
    signal: lesson.signal,
    moved: (stop) => focus(about.numbers.indexOf(Number(stop.name))),
  });
  const seen = make("canvas", { className: "pixels", role: "img", ariaLabel: "The picture as the models see it" });
  const table = valuesTable(about);
  const grid = sizesGrid(about, focus);
  const files = make("div", { className: "files" });

  const again = live(element, lesson, async (flight) => {
    const picture = state.source.value === DRAWING ? digit.value : subjects.get(state.source.value) ?? brought;
    if (picture) await code(picture, flight);
    else own = null;
    paint();
    askForFiles();
    lesson.say(refused || (own ? "" : "Draw a digit, or choose another picture."));
  });

  // The size that is looked at first, then those around it: each has four models, whose weights may
  // have to come.
  async function code(picture, flight) {
    const made = about.kinds.map(() => about.numbers.map(() => null));
    const left = new Set(about.numbers.keys());
    let shown = 0; // when it was painted
    while (left.size) {
      const [at] = [...left].sort((a, b) => Math.abs(a - state.size) - Math.abs(b - state.size));
      left.delete(at);
      const pictures = await coded(about, picture, state.format.value, at, own?.made === made ? "low" : "high");
      if (flight.aborted) throw new Error("A newer one waits.");
      pictures.forEach((each, kind) => (made[kind][at] = each));
      own = { side: SIDE, picture, made };
      if (performance.now() - shown < SLOW) continue;
      paint();
      shown = performance.now();
    }
  }

  const askForFiles = newest(async (flight) => {
    const picture = own?.picture;
    try {
      if (picture !== written) await showFiles(picture, flight);
    } catch (error) {
      if (error instanceof Busy) {
        await pause(error);
        askForFiles();
      } else if (!flight.aborted) {
        lesson.say(error.message);
      }
    }
  }, () => {});

  async function showFiles(picture, flight) {
    const found = picture ? await filesOf(picture, flight) : [];
    files.replaceChildren(...found.map((file) => fileCell(file, SIDE)));
    written = picture;
  }

  function paint() {
    if (own) paintGrey(seen, own.picture, SIDE);
    else paintNothing(seen, SIDE);
    grid.show(own);
    focus(state.size);
  }

  function focus(size) {
    state.size = size;
    grid.at(size);
    table.at(size, state, own);
    chart.show(view(about, state, own, table.spoken()));
  }

  const axis = segments("compression-axis", "Along the axis", AXES);
  const format = segments("compression-format", "A number takes", FORMATS);
  const sources = [[DRAWING, "Your digit"], ...about.subjects.map(({ name, label }) => [name, label])];
  const source = segments("compression-source", "Picture", sources);
  tieRadios(axis, state.axis, lesson.signal);
  tieRadios(format, state.format, lesson.signal);
  tieRadios(source, state.source, lesson.signal);
  watch(() => state.axis.value, paint, lesson.signal);
  watch(() => state.source.value, () => (refused = ""), lesson.signal);
  watch(() => [state.source.value, state.format.value], again, lesson.signal);
  const file = make("input", { type: "file", accept: "image/*", hidden: true });
  const bring = make("button", { type: "button", className: "plain" }, "A picture of yours");
  bring.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    try {
      brought = await squareOf(file.files[0]);
    } catch (error) {
      refused = error.message;
      return lesson.say(refused);
    }
    refused = "";
    state.source.value = FILE;
    file.value = ""; // so that the same file can be chosen again
    return again();
  });
  // Who draws wants to see the drawing.
  watch(() => input.ink.value, (ink) => {
    refused = "";
    if (ink) state.source.value = DRAWING;
  }, lesson.signal);

  const field = (words, ...controls) => make("div", { className: "field" }, make("span", {}, words), ...controls);
  element.append(
    make("div", { className: "settings" }, field("Along the axis", axis), field("A number takes", format)),
    make("div", { className: "compared" }, chart.element, table.element),
    make("div", { className: "settings fed" }, seen, field("Feed the models", source, bring, file)),
    grid.element,
    make("h4", {}, "The same picture as a file"),
    files,
  );
  paint();

  return [
    { name: "axis", kind: "choice", names: AXES.map(([name]) => name), state: state.axis },
    { name: "format", kind: "choice", names: FORMATS.map(([name]) => name), state: state.format },
    { name: "size", kind: "choice", names: about.numbers.map(String), get: () => about.numbers[state.size], set: (size) => focus(about.numbers.indexOf(Number(size))) },
    { name: "source", kind: "choice", names: sources.map(([name]) => name), get: () => (state.source.value === FILE ? null : state.source.value), set: (name) => (state.source.value = name) },
  ];
}

// What the chart shows: PSNR against the size of a code, with a cursor at the chosen one.
function view({ kinds, numbers, files, formats }, state, own, spoken) {
  const [axis, format, size] = [state.axis.value, state.format.value, state.size];
  const inBytes = axis === "bytes";
  const place = (number, each) => (inBytes ? number * formats[each] : number);
  const other = format === "byte" ? "float" : "byte";
  const points = (mse, each) => mse.map((error, i) => [place(numbers[i], each), psnr(error)]);
  const curves = kinds.flatMap((kind) => [
    { ...kind, mode: "lines", faint: true, dash: "dash", points: points(kind.mse[other], other) },
    { ...kind, points: points(kind.mse[format], format) },
  ]);
  const dots = (own?.made ?? []).map((made, i) => ({
    ...kinds[i],
    mode: "markers",
    hollow: true,
    points: made.map((each, k) => [place(numbers[k], format), each?.psnr]).filter(([, level]) => Number.isFinite(level)),
  }));
  const unit = (value) => `${value} ${value === 1 ? axis.slice(0, -1) : axis}`;
  const places = numbers.map((number) => place(number, format));
  const beside = inBytes ? linesOf(files) : { lines: [], notes: [] };
  const lines = [...curves, ...dots, ...beside.lines].map((line) => ({ ...line, unnamed: true }));
  return {
    x: {
      title: inBytes ? "bytes of the code, or of the file" : "numbers in the code",
      log: true,
      ticks: inBytes ? [1, 4, 16, 64, 256] : numbers,
      read: unit,
    },
    y: { title: "PSNR, dB", read: decibels },
    hover: "none", // the table beside it says more
    lines,
    notes: [...beside.notes, { x: places[size], words: unit(places[size]), colour: "--accent", anchor: size > numbers.length / 2 ? "right" : "left" }],
    mark: places[size],
    stops: places.map((x, i) => ({ x, name: String(numbers[i]), words: i === size ? spoken : unit(x) })),
    at: size,
    told: spoken,
  };
}

// JPEG as lines, and where PNG is, which makes no error.
function linesOf({ png, ...others }) {
  const jpegs = Object.values(others).filter(({ mse }) => psnr(mse) < CLEAR);
  const [data, whole] = [({ data_bytes: size }) => size, ({ bytes: size }) => size];
  const style = { colour: "--soft", symbol: "square", size: 5 };
  const lines = [["JPEG, data", data, 4], ["JPEG, files", whole, 2]].map(([label, size, named], i) => (
    { ...style, label, named, dash: i ? "dash" : "solid", points: jpegs.map((file) => [size(file), psnr(file.mse)]) }));
  const high = Math.max(...jpegs.map(({ mse }) => psnr(mse)));
  return {
    lines,
    notes: [
      ...lines.map(({ label, named, points }) => ({ x: points[named][0], y: points[named][1], words: label, anchor: "right" })),
      ...[["PNG: no error ▴", data], ["▴", whole]].map(([words, size]) => ({ x: size(png), y: high, words, anchor: "right" })),
    ],
  };
}

// The legend: at one size, the error on the test images and on the picture on show.
function valuesTable({ kinds, numbers, images, formats }) {
  const heads = ["Model", `${images.toLocaleString("en-GB")} test digits`, "This picture"];
  const caption = make("caption", {});
  const rows = kinds.map((kind) => ({ all: make("td"), own: make("td"), name: make("th", { scope: "row" }, mark(kind), kind.label) }));
  const head = make("tr", {}, ...heads.map((words) => make("th", { scope: "col" }, words)));
  const body = rows.map(({ name, all, own }) => make("tr", {}, name, all, own));
  const element = make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...body));
  return {
    element,
    at(size, { format: { value: format } }, own) {
      const count = numbers[size];
      const bytes = count * formats[format];
      caption.textContent = `${count} number${count === 1 ? "" : "s"}, ${bytes} byte${bytes === 1 ? "" : "s"}`;
      rows.forEach((row, i) => {
        row.all.textContent = decibels(psnr(kinds[i].mse[format][size]));
        row.own.textContent = own?.made[i][size] ? decibels(own.made[i][size].psnr) : "–";
      });
    },
    spoken: () => `${caption.textContent}: ${rows.map(({ all }, i) => `${kinds[i].label} ${all.textContent}`).join(", ")}`,
  };
}
