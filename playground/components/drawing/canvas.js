// The drawing canvas: pointers and buttons in, ink out.

import { drawnDigit, input } from "../state/input.js";
import { batch } from "../state/signals.js";
import { speaker, write } from "../ui/elements.js";
import { onPut, pictureAction } from "../ui/inkwell.js";
import { keyboard, pointer } from "./hands.js";
import { History, crop, draw, extend, finish } from "./ink.js";
import { decode, encode, onGrid, snapped } from "./sketch.js";
import { noiseControls } from "./noise.js";
import { acceptPictures, exampleButtons, surprise } from "./sources.js";

const SIDE = 280; // pixels of the ink that is sent, whatever the screen

export async function mount(element, { props, signal }) {
  const find = (selector) => element.querySelector(selector);
  const screen = find("canvas").getContext("2d");
  const ink = contextForReading();
  const history = new History();
  const pen = { tool: "pen", size: props.pen };
  let stroke = null;
  let gaveWay = false; // whether an example did to the stroke
  let playing = null; // what the page draws by itself when it opens
  let written = { actions: [], text: Promise.resolve("") };

  function everywhere(paint) {
    paint(screen);
    paint(ink);
  }

  function redraw() {
    everywhere((context) => {
      draw(context, { tool: "clear" });
      for (const action of history.visible) draw(context, action);
      for (const action of [playing, stroke]) if (action) draw(context, action);
    });
  }

  function publish() {
    const drawn = crop(ink.getImageData(0, 0, SIDE, SIDE));
    element.firstElementChild.classList.toggle("empty", !drawn && !stroke && !playing);
    find("[data-do=undo]").disabled = !history.canUndo;
    find("[data-do=redo]").disabled = !history.canRedo;
    find("[data-do=clear]").disabled = !drawn;
    batch(() => {
      input.ink.value = drawn;
      input.drawing.value = stroke !== null || playing !== null;
    });
  }

  function change(edit) {
    if (stroke) return;
    edit();
    say("");
    redraw();
    publish();
  }

  const act = {
    add: (action) => change(() => history.add(onGrid(action))),
    undo: () => change(() => history.undo()),
    redo: () => change(() => history.redo()),
    clear() {
      find(".pieces").hidden = true;
      change(() => history.canUndo && history.last.tool !== "clear" && history.add({ tool: "clear" }));
    },
    surprise: () => act.add(surprise(props.examples, props.pen)),
    upload: () => find("input[type=file]").click(),
    choose(tool) {
      pen.tool = tool;
      for (const button of element.querySelectorAll("[data-tool]")) {
        button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
      }
    },
  };

  const strokes = {
    start(point) {
      // An example gives way to the visitor's first stroke.
      gaveWay = history.last?.tool === "strokes" && pen.tool === "pen";
      if (gaveWay) act.clear();
      if (playing) {
        playing = null;
        redraw();
      }
      stroke = onGrid({ ...pen, points: [] });
      say("");
      strokes.go([point]);
    },
    go(points) {
      for (const point of points.map(snapped)) {
        if (String(point) === String(stroke.points.at(-1))) continue;
        stroke.points.push(point);
        everywhere((context) => extend(context, stroke, stroke.points.length - 1));
      }
      everywhere((context) => finish(context, stroke));
      publish();
    },
    end() {
      history.add(stroke);
      stroke = null;
      redraw(); // once more in one go, so that undo and redo give the very same pixels
      publish();
    },
    cancel() {
      stroke = null;
      if (gaveWay) history.takeBack();
      redraw();
      publish();
    },
  };

  // What can be seen, as text. The address asks every other second, so it is made when that has changed.
  function text() {
    const actions = history.visible;
    const same = actions.length === written.actions.length && actions.every((action, i) => action === written.actions[i]);
    if (!same) written = { actions, text: encode(actions) };
    return written.text;
  }

  // As the models see it, which takes few characters.
  async function short() {
    const { clean, side } = await drawnDigit();
    return encode([pictureAction(clean, side, side)]);
  }

  async function take(wanted, complain) {
    if (wanted === (await text())) return;
    try {
      const example = props.examples.find(({ label }) => String(label) === wanted);
      replace(example ? [{ tool: "strokes", size: props.pen, strokes: example.strokes }] : await decode(wanted));
    } catch {
      complain("The drawing in the link is damaged, so the canvas is left as it was.");
    }
  }

  function replace(actions) {
    change(() => {
      history.add({ tool: "clear" });
      for (const action of actions) history.add(onGrid(action));
    });
  }

  function say(sentence) {
    find(".status").textContent = sentence;
  }

  const size = find("input[type=range]");
  size.value = props.pen * SIDE;
  size.addEventListener("input", () => (pen.size = size.value / SIDE));
  for (const button of element.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", () => act.choose(button.dataset.tool));
  }
  for (const button of element.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => act[button.dataset.do]?.());
  }
  onNarrow(async () => (await import("./sheet.js")).sheet(element.firstElementChild, signal));
  find(".examples").append(...exampleButtons(props.examples, props.pen, act.add));
  pointer(screen.canvas, strokes);
  keyboard(screen.canvas, strokes, act, speaker(find("p.unseen")), signal);
  acceptPictures(find(".paper"), find("input[type=file]"), find(".pieces"), act.add, say, signal);
  onPut((action, sentence) => {
    act.add(action);
    say(sentence);
  }, signal);
  keepSharp(screen, redraw);

  const { strokes: opening } = props.examples.find(({ name }) => name === props.opening);
  const showOpening = (drawn, whole) => {
    const action = { tool: "strokes", size: props.pen, strokes: drawn };
    playing = whole ? null : action;
    if (whole) act.add(action);
    else redraw();
    publish();
  };
  // A link, or what is loaded again, shows its own state, and a frame of another page is at rest.
  const embedded = new URLSearchParams(location.search).has("embed");
  if (embedded || location.hash.includes("=") || history.state?.shown) showOpening(opening, true);
  else open(opening, showOpening, (words) => write(find(".turn"), words), signal);
  return [
    // The strokes and pictures that can be seen; a link may also name a digit, for the example of its class.
    { name: "ink", kind: "text", get: text, set: take, short },
    ...(await noiseControls(find(".noise-zone"), signal)),
  ];
}

// The page draws a digit by itself; without the script for that the digit is there at once.
async function open(strokes, show, invite, signal) {
  input.opening.value = true;
  try {
    const { playOpening } = await import("./opening.js");
    await playOpening(strokes, show, invite, signal);
  } catch (error) {
    show(strokes, true);
    reportError(error);
  } finally {
    input.opening.value = false;
  }
}

// Calls `act` once, as soon as the window is narrow.
function onNarrow(act) {
  const narrow = matchMedia("(max-width: 860px)");
  if (narrow.matches) act().catch(reportError);
  else narrow.addEventListener("change", () => act().catch(reportError), { once: true });
}

function contextForReading() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.scale(SIDE, SIDE);
  return context;
}

// One canvas pixel per screen pixel, at every zoom and on every screen.
function keepSharp(context, redraw) {
  const { canvas } = context;
  new ResizeObserver(() => {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    if (side === 0 || side === canvas.width) return;
    canvas.width = canvas.height = side;
    context.setTransform(side, 0, 0, side, 0, 0);
    redraw();
  }).observe(canvas);
}
