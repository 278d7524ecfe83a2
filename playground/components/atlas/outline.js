// A freehand outline on the scatter, and what lies inside it.

// The indices of the places inside a closed outline, by the even-odd rule; `seen` says which
// may be taken at all.
export function inside(outline, places, seen) {
  const [left, right] = ends(outline.map(([x]) => x));
  const [top, bottom] = ends(outline.map(([, y]) => y));
  const found = [];
  for (let i = 0; 3 * i < places.length; i++) {
    const [x, y] = [places[3 * i], places[3 * i + 1]];
    if (x < left || x > right || y < top || y > bottom || !seen(i)) continue;
    if (encloses(outline, x, y)) found.push(i);
  }
  return found;
}

function encloses(outline, x, y) {
  let within = false;
  let [lastX, lastY] = outline.at(-1);
  for (const [nextX, nextY] of outline) {
    const crosses = nextY > y !== lastY > y;
    if (crosses && x < ((lastX - nextX) * (y - nextY)) / (lastY - nextY) + nextX) within = !within;
    [lastX, lastY] = [nextX, nextY];
  }
  return within;
}

function ends(values) {
  return [Math.min(...values), Math.max(...values)];
}

// Adds a place to the outline unless it is where the outline already ends.
export function extend(outline, x, y) {
  const last = outline.at(-1);
  if (!last || Math.hypot(x - last[0], y - last[1]) >= 2) outline.push([x, y]);
}
