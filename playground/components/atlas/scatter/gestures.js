// Pointers and wheel on a scatter. A mouse moves what it drags; one finger scrolls the page until
// a tool is chosen, and two always zoom.

const STILL = 6; // px that a click may wander
const WHEEL = 0.0016; // zoom per px of a wheel
const LINE = 20; // px of a wheel that counts in lines

export function gestures(canvas, scatter) {
  const pointers = new Map(); // id -> { x, y, startX, startY }
  let still = false;

  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = ([a, b]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) });

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    canvas.focus({ preventScroll: true });
    const { x, y } = placeOf(event);
    pointers.set(event.pointerId, { x, y, startX: x, startY: y });
    still = pointers.size === 1;
    if (pointers.size > 1) scatter.dropOutline();
    if (mayDrag(event)) canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener("pointermove", (event) => {
    const { x, y } = placeOf(event);
    const held = pointers.get(event.pointerId);
    if (!held) {
      if (event.pointerType !== "touch") scatter.hoverAt(x, y);
      return;
    }
    if (Math.hypot(x - held.startX, y - held.startY) > STILL) still = false;
    if (pointers.size === 2) pinch(event.pointerId, x, y);
    else if (pointers.size === 1 && !still && mayDrag(event)) drag(event, held, x, y);
    Object.assign(held, { x, y });
  });

  function pinch(id, x, y) {
    const before = middle([...pointers.values()]);
    Object.assign(pointers.get(id), { x, y });
    const after = middle([...pointers.values()]);
    scatter.zoomAt(after.apart / Math.max(1, before.apart), after.x, after.y);
    scatter.shift(after.x - before.x, after.y - before.y);
  }

  function drag(event, held, x, y) {
    if (scatter.tool === "lasso") {
      const passed = event.getCoalescedEvents?.() ?? [];
      scatter.outlineFrom(held.startX, held.startY);
      for (const point of [...passed.map(placeOf), { x, y }]) scatter.outlineTo(point.x, point.y);
    } else {
      scatter.drag(x - held.x, y - held.y, event.shiftKey);
    }
  }

  // A finger that has no tool in it belongs to the page.
  function mayDrag(event) {
    return event.pointerType !== "touch" || scatter.tool !== "" || pointers.size > 1;
  }

  canvas.addEventListener("pointerup", (event) => {
    const held = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (!held) return;
    scatter.closeOutline();
    if (still) scatter.clickAt(held.x, held.y, event.pointerType === "touch");
    still = false;
  });
  canvas.addEventListener("pointercancel", (event) => {
    pointers.delete(event.pointerId);
    scatter.dropOutline();
    still = false;
  });
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !pointers.size) scatter.leave();
  });

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = placeOf(event);
      const pixels = event.deltaY * (event.deltaMode === 1 ? LINE : 1);
      // A pinch on a touchpad arrives as a wheel with Ctrl held, in much smaller steps.
      scatter.zoomAt(Math.exp(-pixels * WHEEL * (event.ctrlKey ? 6 : 1)), x, y);
    },
    { passive: false },
  );
}

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
