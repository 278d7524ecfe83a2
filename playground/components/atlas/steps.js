// The keyboard on a scatter: arrows step from digit to digit.

const SHIFT = 48; // px
const CLOSER = 1.35;
const WIDE = 2; // how much a step sideways costs more than a step ahead

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function steps(canvas, scatter) {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow && event.shiftKey) scatter.drag(-SHIFT * arrow[0], -SHIFT * arrow[1], false);
    else if (arrow) scatter.step(...arrow);
    else if (event.key === "+" || event.key === "=") scatter.zoomAt(CLOSER);
    else if (event.key === "-") scatter.zoomAt(1 / CLOSER);
    else if (event.key === "0" || event.key === "Home") scatter.fit();
    else if (event.key === "Enter" || event.key === " ") scatter.choose();
    else if (event.key === "Escape") scatter.clear();
    else return;
    event.preventDefault();
  });
}

// The nearest place ahead in the direction (dx, dy) from place number `from`: within 45 degrees,
// with what lies straight ahead preferred.
export function ahead(places, from, dx, dy, seen) {
  const [startX, startY] = [places[3 * from], places[3 * from + 1]];
  let best = -1;
  let least = Infinity;
  for (let i = 0; 3 * i < places.length; i++) {
    if (i === from || !seen(i)) continue;
    const [x, y] = [places[3 * i] - startX, places[3 * i + 1] - startY];
    const forward = x * dx + y * dy;
    const aside = Math.abs(x * dy - y * dx);
    if (forward <= 0.5 || aside > forward) continue;
    const cost = forward + WIDE * aside;
    if (cost < least) [least, best] = [cost, i];
  }
  return best;
}

// The place nearest to (x, y), at most `reach` px away; -1 if there is none.
export function nearest(places, x, y, reach, seen) {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; 3 * i < places.length; i++) {
    const [dx, dy] = [places[3 * i] - x, places[3 * i + 1] - y];
    const distance = dx * dx + dy * dy;
    if (distance < least && seen(i)) [least, best] = [distance, i];
  }
  return best;
}
