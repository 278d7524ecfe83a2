// Where a code lies: in the whole latent space, and in a loupe on the cloud that it is drawn from.

import { fit } from "../../../ui/canvas.js";
import { paintMap } from "../../../ui/space/ground.js";
import { loupeScale, paintLoupe, paintVisitor } from "../../../ui/space/visitor.js";

const LAYERS = { tiles: true, codes: false, circles: true, density: false };

// The whole space with its sheet, the visitor's mean and the drawn code.
export function paintSpace(canvas, view, you, code) {
  const side = canvas.clientWidth;
  if (!side || !view) return;
  const context = fit(canvas, side, side);
  paintMap(context, side, view, LAYERS);
  if (you) paintVisitor(context, side, view.scales, you, [code]);
}

// The cloud, the codes that were drawn before, and the way from the mean to the code: σ ε.
export function paintCloudOf(canvas, you, code, before) {
  const side = canvas.clientWidth;
  if (!side || !you) return;
  paintLoupe(canvas, you, before);
  const context = canvas.getContext("2d");
  const scale = loupeScale(you, side);
  const [x, y] = code.map((value, i) => (value - you.mean[i]) * scale);
  const way = new Path2D();
  way.moveTo(side / 2, side / 2);
  way.lineTo(side / 2 + x, side / 2 - y);
  const ring = new Path2D();
  ring.arc(side / 2 + x, side / 2 - y, 7, 0, 2 * Math.PI);
  for (const [colour, widths] of [["#000", [4, 5]], ["#fff", [1.5, 2.5]]]) {
    context.strokeStyle = colour;
    [way, ring].forEach((shape, i) => {
      context.lineWidth = widths[i];
      context.stroke(shape);
    });
  }
}

// How many times as large the loupe shows the cloud as the whole space does, side by side.
export function enlargement(you, square) {
  return 2 * square.half * loupeScale(you, 1);
}
