// "Same digit, three ideas": one column a model, and in each row another question to all of them.

import { drawn, filmOf } from "../engine/evaluation/rows.js";
import { spoilt } from "../engine/evaluation/reconstruction.js";
import { newest } from "../engine/wire.js";
import { classified, coder } from "../state/coders.js";
import { judged } from "../state/likeness.js";
import { exampleDigits } from "../state/digits.js";
import { digit, input } from "../state/input.js";
import { watch } from "../state/signals.js";
import { newLatents } from "../state/sampling.js";
import { chooser, mark } from "../ui/choices.js";
import { download, make, write } from "../ui/elements.js";
import { paintGrey } from "../ui/pixels.js";

const SIDE = 28;
const THREE = ["vanilla-32", "conv-32", "vae-20"];
const NOISE = { kind: "gaussian", strength: 0.4, seed: 5 };
const SAMPLES = 25;
const SEED = 1; // of the samples
const WALK = { frames: 7, path: "straight", tour: false };
const REST = 300; // ms without a change before the columns follow

// Each row: a name, what to look for, how many pictures stand beside each other, and how a model draws them.
const ROWS = [
  {
    title: "Your digit",
    look: "All three can copy it: the code has room enough.",
    across: 1,
    pictures: async (model, clean) => [await redrawn(model, spoilt(clean, { ...NOISE, strength: 0 }).image)],
  },
  {
    title: "With noise",
    look: "Now they differ: one fades, one keeps the noise, one draws the digit that it knows best.",
    across: 1,
    pictures: async (model, clean) => [await redrawn(model, spoilt(clean, NOISE).image)],
  },
  {
    title: "25 samples",
    look: "Codes drawn by chance. Only the variational model was trained to make digits of them.",
    across: 5,
    judged: true,
    pictures: async (model) => drawn(coder(model.name), await newLatents(model, SAMPLES, 1, SEED), SAMPLES),
  },
  {
    title: "A walk to another digit",
    look: "The codes half-way between two digits: a digit, or two on top of each other?",
    across: WALK.frames,
    judged: true,
    pictures: (model, clean, other) => filmOf(coder(model.name), [clean, other], WALK),
  },
];

async function redrawn({ name }, image) {
  const model = coder(name);
  const { mean } = await model.encode(image, 1);
  const [picture] = await drawn(model, mean, 1);
  return picture;
}

// Fills `place`; `part` says whether that is what is in view, and a link may say so. Gives `offer`, which
// hears the models there are, and `seen`, which hears whether it is in sight.
export function poster(place, part, life) {
  const cells = new Map(); // "model row" -> its canvases and words
  let models = [];
  let extra = "";
  let visible = false;
  let timer = 0;
  const columns = make("div", { className: "columns" });
  const other = make("span", {});
  const button = make("button", { type: "button", className: "plain" }, "Save as a picture");
  const notice = make("p", { className: "trouble", role: "status" });
  place.replaceChildren(
    make("header", {}, make("h3", {}, "Same digit, three ideas"), make("span", { className: "gap" }), other, button),
    notice,
    columns,
  );
  button.addEventListener("click", save);

  const shown = () => [...THREE, extra].map((name) => models.find((model) => model.name === name)).filter(Boolean);

  function arrange() {
    cells.clear();
    const corner = make("span", {});
    const heads = shown().map((model) => make("h4", {}, mark(model), model.label));
    const rows = ROWS.flatMap(({ title, look }, i) => [
      make("div", { className: "row-head" }, make("b", {}, title), make("p", {}, look)),
      ...shown().map((model) => cellOf(model, i)),
    ]);
    columns.style.setProperty("--count", String(heads.length));
    columns.replaceChildren(corner, ...heads, ...rows);
  }

  function cellOf(model, i) {
    const { title, across } = ROWS[i];
    const pictures = make("div", { className: "tiles", role: "img", ariaLabel: `${title} by ${model.label}` });
    pictures.style.setProperty("--across", String(across));
    const words = make("p", { className: "share" });
    cells.set(`${model.name} ${i}`, { pictures, words });
    return make("div", { className: "cell" }, pictures, words);
  }

  const refresh = newest(async () => {
    const clean = digit.value;
    if (!visible) return;
    if (!clean) {
      if (columns.querySelector("canvas")) arrange(); // empty, as the canvas is
      return;
    }
    write(notice, "");
    try {
      const examples = await exampleDigits();
      const meant = await classified([clean]);
      const to = examples.find(({ label }) => label === (meant?.classes[0] === 7 ? 0 : 7));
      await Promise.all(shown().flatMap((model) => ROWS.map((row, i) => fill(model, row, i, clean, to.grey))));
    } catch (error) {
      write(notice, error.message);
    }
  }, () => {});

  async function fill(model, row, i, clean, to) {
    const pictures = await row.pictures(model, clean, to);
    const cell = cells.get(`${model.name} ${i}`);
    if (!cell) return;
    const canvases = pictures.map((_, at) => cell.pictures.children[at] ?? make("canvas", { className: "pixels" }));
    cell.pictures.replaceChildren(...canvases);
    pictures.forEach((picture, at) => paintGrey(canvases[at], picture, SIDE));
    if (!row.judged) return;
    const seen = await judged(pictures);
    if (seen) write(cell.words, `${seen.digits.filter(Boolean).length} of ${pictures.length} are digits`);
  }

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(() => !input.drawing.value && refresh(), REST);
  }

  async function save() {
    download(await sheet(shown(), columns), "same-digit-three-ideas.png", "image/png");
  }

  keepInStep(place, part, life);
  life.addEventListener("abort", () => clearTimeout(timer));
  return {
    changed,
    seen(now) {
      visible = now;
      if (visible) changed();
    },
    offer(found) {
      models = found.filter(({ error }) => !error);
      const rest = models.filter(({ name }) => !THREE.includes(name));
      if (!rest.some(({ name }) => name === extra)) extra = "";
      const select = chooser("A fourth model beside the three", rest, extra, (name) => {
        extra = name;
        arrange();
        changed();
      });
      select.prepend(new Option("+ model", ""));
      select.value = extra;
      other.replaceChildren(select);
      arrange();
      changed();
    },
  };
}

const SCALE = 2;
const MARGIN = 24;

// What is on show as a picture: light, whatever the theme, as it will be printed.
async function sheet(models, columns) {
  const box = columns.getBoundingClientRect();
  const canvas = make("canvas", { width: SCALE * (box.width + 2 * MARGIN), height: SCALE * (box.height + 3 * MARGIN) });
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#191c20";
  context.textBaseline = "top";
  context.font = "600 20px system-ui, sans-serif";
  context.fillText("Same digit, three ideas", MARGIN, MARGIN / 2);
  context.imageSmoothingEnabled = false;
  context.translate(MARGIN - box.left, 2 * MARGIN - box.top);
  for (const element of columns.querySelectorAll("h4, b, p, canvas")) {
    const { left, top, width, height } = element.getBoundingClientRect();
    if (element instanceof HTMLCanvasElement) context.drawImage(element, left, top, width, height);
    else lines(context, element, left, top, width);
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return blob;
}

// The words of an element, broken as wide as it is.
function lines(context, element, left, top, width) {
  const { fontSize, fontWeight } = getComputedStyle(element);
  const high = 1.35 * parseFloat(fontSize);
  context.font = `${fontWeight} ${fontSize} system-ui, sans-serif`;
  let [line, at] = ["", top];
  for (const word of element.textContent.split(" ")) {
    if (line && context.measureText(`${line} ${word}`).width > width) {
      context.fillText(line, left, at);
      [line, at] = [word, at + high];
    } else line = line ? `${line} ${word}` : word;
  }
  context.fillText(line, left, at);
}

// The page scrolls to the part that a link says, and says which of them is in the middle of the window.
function keepInStep(place, part, life) {
  let there = false;
  const observer = new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting === there) return;
    there = isIntersecting;
    part.value = there ? "poster" : "cards";
  }, { rootMargin: "-40% 0px" });
  observer.observe(place);
  watch(() => part.value, (wanted) => {
    if ((wanted === "poster") === there) return;
    if (wanted === "poster") place.scrollIntoView({ block: "start", behavior: "instant" });
    else scrollTo({ top: 0, behavior: "instant" });
  }, life);
  life.addEventListener("abort", () => observer.disconnect());
}
