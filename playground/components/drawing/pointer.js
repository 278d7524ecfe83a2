// Mouse, touch and pen as strokes of points, in units of the canvas's side.

export function pointer(canvas, { start, go, end }) {
  let active = null; // the one pointer that draws; a second finger does nothing
  let box = null;

  const place = (event) => [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];

  canvas.addEventListener("pointerdown", (event) => {
    if (active !== null || event.button !== 0) return;
    active = event.pointerId;
    box = canvas.getBoundingClientRect();
    canvas.setPointerCapture(active);
    start(place(event));
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== active) return;
    // Fast pens report several places per frame; without them a quick curve has corners.
    const steps = event.getCoalescedEvents?.() ?? [];
    go((steps.length ? steps : [event]).map(place));
  });

  const lift = (event) => {
    if (event.pointerId !== active) return;
    active = null;
    end();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("lostpointercapture", lift);
}
