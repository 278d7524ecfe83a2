// A network as a picture: every layer's units, in one canvas that pointer and keys can go through.

import { colour as themed, dark, fit, font, sizeOf as sized } from "../../../ui/canvas.js";
import { make } from "../../../ui/elements.js";
import { cellAt, cellOfUnit, layOut, rectOf, unitOfCell } from "./layout.js";
import { isPicture, largest, nameOf, paintStage, sizeOf } from "./stages.js";

const FAR = 4; // units that an arrow key goes with Shift
const SMALL = 11; // pixels on a desk, of the numbers of a code
const NEAR = 6; // pixels beside a box that still mean it
const KEYS = "Arrow keys go from unit to unit, with Shift further, and beyond a layer to the next one.";

export class Network {
  // `chosen` hears which unit pointer or keys come to: { stage, unit }.
  constructor(chosen) {
    this.chosen = chosen;
    this.stages = null;
    this.colour = "";
    this.at = null; // { stage, unit }
    this.canvas = make("canvas", { className: "network", tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "network");
    this.canvas.setAttribute("aria-label", `The layers of the model. ${KEYS}`);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("focus", () => this.paint());
    this.canvas.addEventListener("blur", () => this.paint());
    this.width = 0;
    new ResizeObserver(() => this.canvas.clientWidth !== this.width && this.paint()).observe(this.canvas);
  }

  // Stages as `stagesOf` gives them, and the unit that is looked at; null while there is nothing
  // to show.
  show(stages, colour, at) {
    this.stages = stages;
    this.colour = colour;
    this.at = at;
    this.surfaces = stages?.map(() => document.createElement("canvas"));
    this.paint();
  }

  choose(at) {
    this.at = at;
    this.paint();
  }

  paint() {
    this.width = this.canvas.clientWidth;
    if (!this.width || !this.stages) {
      fit(this.canvas, this.width || 1, 1);
      return;
    }
    const scale = sized(SMALL) / SMALL;
    this.layout = layOut(this.stages, this.width, scale);
    this.canvas.style.height = `${this.layout.height}px`;
    const context = fit(this.canvas, this.width, this.layout.height);
    context.imageSmoothingEnabled = false;
    this.layout.boxes.forEach((box, i) => i && this.layout.across && paintWedge(context, this.layout.boxes[i - 1], box));
    this.stages.forEach((stage, i) => {
      const box = this.layout.boxes[i];
      if (box.written) this.paintCode(context, stage, box);
      else this.paintUnits(context, stage, box, this.surfaces[i]);
      this.paintWords(context, i, box);
    });
    if (this.layout.across) this.paintParts(context);
    if (this.at) this.paintChosen(context);
  }

  paintUnits(context, stage, box, surface) {
    paintStage(surface, stage, box.columns);
    if (box.wide === 1) {
      context.drawImage(surface, box.x, box.y, box.columns * box.pitch.x, box.rows * box.pitch.y);
      context.fillStyle = themed("--paper");
      for (let i = 1; i <= box.columns; i++) context.fillRect(box.x + i * box.pitch.x - box.gap, box.y, box.gap, box.height + 1);
      for (let i = 1; i <= box.rows; i++) context.fillRect(box.x, box.y + i * box.pitch.y - box.gap, box.width + 1, box.gap);
      return;
    }
    for (let tile = 0; tile < box.count; tile++) {
      const { x, y } = rectOf(box, cellOfUnit(box, tile * box.wide * box.high));
      context.drawImage(surface, 0, tile * box.high, box.wide, box.high, x, y, box.wide * box.cell.x, box.high * box.cell.y);
    }
    if (isPicture(stage) || dark()) return;
    context.strokeStyle = themed("--rule"); // maps of nothing are as light as the page
    context.lineWidth = 1;
    for (let tile = 0; tile < box.count; tile++) {
      const { x, y } = rectOf(box, cellOfUnit(box, tile * box.wide * box.high));
      context.strokeRect(x + 0.5, y + 0.5, box.wide * box.cell.x - 1, box.high * box.cell.y - 1);
    }
  }

  // The code: a bar from the middle, and the number itself.
  paintCode(context, stage, box) {
    context.font = font(SMALL);
    context.textBaseline = "middle";
    context.textAlign = "right";
    const most = largest(stage.values);
    for (let unit = 0; unit < box.count; unit++) {
      const { x, y, width, height } = rectOf(box, cellOfUnit(box, unit));
      const [middle, reach] = [x + 0.24 * width, 0.22 * width];
      const long = (stage.values[unit] / most) * reach;
      context.fillStyle = this.colour;
      context.fillRect(Math.min(middle, middle + long), y + 2, Math.max(1, Math.abs(long)), height - 4);
      context.fillStyle = themed("--rule-strong");
      context.fillRect(Math.round(middle), y, 1, height);
      context.fillStyle = themed("--ink");
      context.fillText(short(stage.values[unit]), x + width - 4, y + height / 2 + 0.5);
    }
  }

  paintWords(context, i, box) {
    const size = sizeOf(this.stages[i]);
    context.textBaseline = "top";
    context.font = font(11.5);
    context.textAlign = "left";
    if (!this.layout.across) {
      context.fillStyle = themed("--ink");
      const name = nameOf(this.stages, i);
      context.fillText(name, box.x, box.y - 17 * (sized(SMALL) / SMALL));
      const end = context.measureText(`${name}  `).width;
      context.fillStyle = themed("--soft");
      context.fillText(size, box.x + end, box.y - 17 * (sized(SMALL) / SMALL));
      return;
    }
    context.textAlign = "center";
    context.fillStyle = themed("--soft");
    const words = size.split(/ of | (?=pixels|units|numbers)/);
    const middle = Math.max(box.x + box.width / 2, context.measureText(words[0]).width / 2);
    const right = this.width - Math.max(...words.map((word) => context.measureText(word).width)) / 2;
    words.forEach((word, row) => context.fillText(word, Math.min(middle, right), box.y + box.height + 6 + 1.2 * sized(11.5) * row));
  }

  // A line above what belongs to the encoder, and one above what belongs to the decoder.
  paintParts(context) {
    context.font = font(12, 600);
    context.textBaseline = "top";
    context.textAlign = "center";
    const { boxes } = this.layout;
    const code = this.stages.findIndex(({ part }) => part === "code");
    const end = (box) => box.x + box.width;
    for (const [words, from, to] of [["encoder", end(boxes[0]), boxes[code].x], ["code", boxes[code].x, end(boxes[code])], ["decoder", end(boxes[code]), boxes.at(-1).x]]) {
      context.fillStyle = themed(words === "code" ? "--ink" : "--soft");
      context.fillText(words, (from + to) / 2, 0);
    }
  }

  paintChosen(context) {
    const { stage, unit } = this.at;
    const box = this.layout.boxes[stage];
    const rect = rectOf(box, cellOfUnit(box, unit));
    context.lineWidth = 3;
    context.strokeStyle = themed("--paper");
    context.strokeRect(rect.x - 1.5, rect.y - 1.5, rect.width + 3, rect.height + 3);
    context.lineWidth = document.activeElement === this.canvas ? 2.5 : 1.5;
    context.strokeStyle = themed("--ink");
    context.strokeRect(rect.x - 1.5, rect.y - 1.5, rect.width + 3, rect.height + 3);
  }

  point({ offsetX: x, offsetY: y }) {
    if (!this.layout || !this.stages) return;
    const inside = (box) => x >= box.x - NEAR && x <= box.x + box.width + NEAR && y >= box.y - NEAR && y <= box.y + box.height + NEAR;
    const stage = this.layout.boxes.findIndex(inside);
    if (stage < 0) return;
    const unit = unitOfCell(this.layout.boxes[stage], cellAt(this.layout.boxes[stage], { x, y }));
    if (unit !== null) this.go(stage, unit);
  }

  key(event) {
    if (!this.stages || event.ctrlKey || event.metaKey || event.altKey) return;
    const { stage, unit } = this.at ?? { stage: 0, unit: 0 };
    const last = this.stages.length - 1;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const end = { Home: 0, End: last }[event.key];
    if (!step && end === undefined) return;
    event.preventDefault();
    if (step) this.step(stage, unit, step, event.shiftKey);
    else this.go(end, 0);
  }

  // Beyond the edge of a layer the next one begins.
  step(stage, unit, [right, down], far) {
    const box = this.layout.boxes[stage];
    const { x, y } = cellOfUnit(box, unit);
    const [wide, high] = !far ? [1, 1] : box.wide > 1 ? [box.wide, box.high] : [FAR, FAR];
    const to = { x: x + right * wide, y: y + down * high };
    const inside = unitOfCell(box, to);
    if (inside !== null) return this.go(stage, inside);
    const along = this.layout.across ? right : down;
    const next = this.layout.boxes[stage + along];
    if (!along || !next) return null;
    const share = { x: (x + 0.5) / (box.columns * box.wide), y: (y + 0.5) / (box.rows * box.high) };
    const enter = { x: Math.floor(share.x * next.columns * next.wide), y: Math.floor(share.y * next.rows * next.high) };
    if (this.layout.across) enter.x = along > 0 ? 0 : next.columns * next.wide - 1;
    else enter.y = along > 0 ? 0 : next.rows * next.high - 1;
    return this.go(stage + along, unitOfCell(next, enter) ?? 0);
  }

  go(stage, unit) {
    if (this.at?.stage === stage && this.at.unit === unit) return;
    this.choose({ stage, unit });
    this.chosen(this.at);
  }
}

function paintWedge(context, from, to) {
  context.fillStyle = themed("--well");
  context.beginPath();
  context.moveTo(from.x + from.width + 1, from.y);
  context.lineTo(to.x - 1, to.y);
  context.lineTo(to.x - 1, to.y + to.height);
  context.lineTo(from.x + from.width + 1, from.y + from.height);
  context.fill();
}

function short(value) {
  const words = Math.abs(value).toFixed(Math.abs(value) < 10 ? 2 : 1);
  return value < 0 && Number(words) ? `−${words}` : words;
}
