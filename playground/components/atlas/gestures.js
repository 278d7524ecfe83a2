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
