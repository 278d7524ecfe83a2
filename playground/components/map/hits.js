// Where darts have landed on a map.

// A dart on a digit is a dot, any other a cross.
export function paintDarts(context, side, { x, y }, { codes, digits }) {
  const path = new Path2D();
  for (let i = 0; i < codes.length / 2; i++) {
    const [left, top] = [x.to(codes[2 * i]) * side, (1 - y.to(codes[2 * i + 1])) * side];
    if (digits?.[i] ?? true) {
      path.rect(left - 1.5, top - 1.5, 3, 3);
      continue;
    }
    for (const slope of [-3, 3]) {
      path.moveTo(left - 3, top - slope);
      path.lineTo(left + 3, top + slope);
    }
  }
  for (const [colour, width] of [["#000", 4], ["#fff", 1.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
  }
}
