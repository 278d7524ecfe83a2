// Mouse, touch and pen as strokes of points, in units of the canvas's side.

const RESTING = 1000; // ms after a pen was last near in which a touch is the hand that holds it
const GAP = 4; // ms from one movement that is followed at once to the next; mice report thousands a second

// `cancel` takes back a stroke that was none: the system took the touch away, or it was the palm of
// a hand that holds a pen.
export function pointer(canvas, { start, go, end, cancel }) {
  let active = null; // the one pointer that draws; a second finger does nothing
  let touch = false; // whether that is a finger, or a palm
  let penSeen = -Infinity; // when
  let box = null;
  const waiting = []; // where it has been since the stroke was last drawn
  let early = false; // whether the browser has told of them before the frame
  let followed = 0; // when the stroke was last drawn

  const place = (event) => [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];

  canvas.addEventListener("pointerdown", (event) => {
    const pen = event.pointerType === "pen";
    if (pen) penSeen = performance.now();
    if (event.button !== 0) return;
    if (active !== null && !(pen && touch)) return;
    if (event.pointerType === "touch" && performance.now() - penSeen < RESTING) return;
    if (active !== null) drop();
    active = event.pointerId;
    touch = event.pointerType === "touch";
    box = canvas.getBoundingClientRect();
    canvas.setPointerCapture(active);
    start(place(event));
  });

  // Fast pens report several places in one event; without them a quick curve has corners.
  function note(event) {
    const steps = event.getCoalescedEvents?.() ?? [];
    waiting.push(...(steps.length ? steps : [event]).map(place));
  }

  function follow() {
    if (!waiting.length) return;
    go(waiting.splice(0));
    followed = performance.now();
  }

  // At once where the browser says so at once: the models can answer before the next frame.
  canvas.addEventListener("pointerrawupdate", (event) => {
    if (event.pointerId !== active) return;
    early = true;
    note(event);
    if (performance.now() - followed > GAP) follow();
  });

  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerType === "pen") penSeen = performance.now(); // which it tells of before it touches, too
    if (event.pointerId !== active) return;
    if (!early) note(event); // or all of it is known
    early = false;
    follow();
  });

  function drop() {
    active = null;
    waiting.length = 0;
    cancel();
  }

  const lift = (event) => {
    if (event.pointerId !== active) return;
    if (event.type === "pointercancel" && touch) {
      drop();
      return;
    }
    active = null;
    follow();
    end();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("lostpointercapture", lift);
}

// Drawing without a pointer, and the shortcuts of the canvas.

const STEP = 4 / 280;
const STRIDE = 16 / 280;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `tell` says what the keys do to those who cannot see the cross.
export function keyboard(canvas, { start, go, end }, act, tell, signal) {
  const cross = document.createElement("span");
  cross.className = "cross";
  canvas.after(cross);
  let at = [0.5, 0.3];
  let down = false;

  function move([dx, dy], step) {
    at = [at[0] + dx * step, at[1] + dy * step].map((along) => Math.min(1, Math.max(0, along)));
    show();
    if (down) go([at]);
    tellPlace();
  }

  function show() {
    cross.style.left = `${100 * at[0]}%`;
    cross.style.top = `${100 * at[1]}%`;
    cross.classList.add("shown");
  }

  function tellPlace() {
    const [across, up] = [at[0], 1 - at[1]].map((share) => Math.round(100 * share));
    tell(`Pen ${down ? "down" : "up"}, ${across} % across, ${up} % up`);
  }

  function lift() {
    if (down) end();
    down = false;
  }

  function hide() {
    lift();
    cross.classList.remove("shown");
  }

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key;
    if (key in ARROWS) move(ARROWS[key], event.shiftKey ? STRIDE : STEP);
    else if (key === " ") toggle();
    else if (key === "Delete" || key === "Backspace") clear();
    else if (key === "b" || key === "B") choose("pen");
    else if (key === "e" || key === "E") choose("eraser");
    else if (key === "Escape" && cross.classList.contains("shown")) hide();
    else return;
    event.preventDefault();
  });

  function clear() {
    act.clear();
    tell("Cleared");
  }

  function choose(tool) {
    act.choose(tool);
    tell(`The ${tool} is chosen`);
  }

  function toggle() {
    show();
    if (down) {
      lift();
    } else {
      down = true;
      start(at);
    }
    tellPlace();
  }

  canvas.addEventListener("blur", hide);
  canvas.addEventListener("pointerdown", hide, { capture: true });

  // Undo and redo belong to the page, except where a text field has its own.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) act.redo();
    else act.undo();
  }, { signal });
}

function isText(target) {
  return target.matches?.("textarea, [contenteditable], input:not([type=range], [type=checkbox], [type=radio], [type=file])");
}
