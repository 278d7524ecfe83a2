// Ink: what was drawn, how it is painted, and what of it travels.

// A list of actions: undo drops the last, redo brings it back.

export class History {
  #done = [];
  #undone = [];

  add(action) {
    this.#done.push(action);
    this.#undone = [];
  }

  undo() {
    if (this.canUndo) this.#undone.push(this.#done.pop());
  }

  redo() {
    if (this.canRedo) this.#done.push(this.#undone.pop());
  }

  // Drops the last for good.
  takeBack() {
    this.#done.pop();
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  get last() {
    return this.#done.at(-1);
  }

  // The actions that can still be seen: all since the canvas was last wiped.
  get visible() {
    const wipes = (action) => ["clear", "strokes", "picture"].includes(action.tool);
    return this.#done.slice(Math.max(0, this.#done.findLastIndex(wipes)));
  }
}

// Drawing on a 2-D context whose unit is the side of the canvas: white ink on nothing.

// Draws one action of the history: a stroke of pen or eraser, a picture, or a clean sheet.
export function draw(context, action) {
  if (action.tool === "clear") {
    context.clearRect(0, 0, 1, 1);
  } else if (action.tool === "picture") {
    context.clearRect(0, 0, 1, 1);
    context.globalCompositeOperation = "source-over";
    context.drawImage(action.bitmap, 0, 0, 1, 1);
  } else if (action.tool === "strokes") {
    context.clearRect(0, 0, 1, 1);
    for (const points of action.strokes) drawStroke(context, { ...action, tool: "pen", points });
  } else {
    drawStroke(context, action);
  }
}

function drawStroke(context, stroke) {
  for (let end = 0; end < stroke.points.length; end++) extend(context, stroke, end);
  finish(context, stroke);
}

// Adds the piece of a stroke that its point number `end` decides: a curve between the middles of
// the last two steps, with the point between them as its handle.
export function extend(context, { tool, size, points }, end) {
  const [x, y] = points[end];
  begin(context, tool, size);
  if (end === 0) {
    context.arc(x, y, size / 2, 0, 2 * Math.PI); // a line of no length would leave no dot
    context.fill();
    return;
  }
  if (end === 1) {
    context.moveTo(...points[0]);
    context.lineTo(...middle(points[0], points[1]));
  } else {
    context.moveTo(...middle(points[end - 2], points[end - 1]));
    context.quadraticCurveTo(...points[end - 1], ...middle(points[end - 1], points[end]));
  }
  context.stroke();
}

// Draws the last half step, from the middle to where the pen is.
export function finish(context, { tool, size, points }) {
  if (points.length < 2) return;
  begin(context, tool, size);
  context.moveTo(...middle(points.at(-2), points.at(-1)));
  context.lineTo(...points.at(-1));
  context.stroke();
}

function begin(context, tool, size) {
  context.globalCompositeOperation = tool === "eraser" ? "destination-out" : "source-over";
  context.lineWidth = size;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = context.fillStyle = "#fff";
  context.beginPath();
}

function middle([x0, y0], [x1, y1]) {
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

// From the canvas to what travels: the crop with all the ink, averaged down.

const LONGEST = 100; // pixels along the longer side of a crop; five for each that a digit gets

// The crop of an RGBA picture's alpha, or null if there is no ink.
export function crop({ data, width, height }) {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const box = boundingBox(pixels, width, height);
  if (!box) return null;
  const step = Math.ceil(Math.max(box.width, box.height) / LONGEST);
  return average(pixels, width, box, step);
}

const alpha = (pixel) => pixel >>> 24;

function boundingBox(pixels, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (alpha(pixels[i]) === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

// Means over step x step boxes. What sticks out beyond the picture has no ink.
function average(pixels, width, box, step) {
  const [columns, rows] = [Math.ceil(box.width / step), Math.ceil(box.height / step)];
  const sums = new Uint32Array(columns * rows);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left;
    let place = Math.floor(y / step) * columns;
    for (let x = 0; x < box.width; x += step, place++) {
      const end = start + Math.min(x + step, box.width);
      let sum = 0;
      for (let at = start + x; at < end; at++) sum += alpha(pixels[at]);
      sums[place] += sum;
    }
  }
  const bytes = Uint8Array.from(sums, (sum) => Math.round(sum / (step * step)));
  return { width: columns, height: rows, bytes };
}
