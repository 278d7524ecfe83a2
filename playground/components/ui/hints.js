// What a number or a picture means: on hover, on focus, and on tap.

const GAP = 8;

let tips = 0;

// Explains what in `zone` has the name of a term, until `signal` is aborted.
export function explain(zone, terms, signal) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.id = `tip-${++tips}`;
  tip.setAttribute("role", "tooltip");
  tip.popover = "manual"; // above everything, dialogs included
  zone.append(tip);
  let shown = null;

  function show(target) {
    if (target === shown) return;
    hide();
    if (!target || !terms[target.dataset.term]) return;
    shown = target;
    tip.textContent = terms[target.dataset.term];
    describe(target, (ids) => [...ids, tip.id]);
    tip.showPopover();
    place(target.getBoundingClientRect());
  }

  // Beside what it explains, so that the rows below stay in sight; below it where that is narrow.
  function place(box) {
    const { width, height } = tip.getBoundingClientRect();
    const right = box.right + GAP + width < innerWidth;
    const left = box.left - GAP - width > 0;
    const x = right ? box.right + GAP : left ? box.left - GAP - width : box.left;
    const y = right || left ? box.top : box.bottom + GAP;
    tip.style.left = `${between(GAP, x, innerWidth - width - GAP)}px`;
    tip.style.top = `${between(GAP, y, innerHeight - height - GAP)}px`;
  }

  function hide() {
    if (shown) describe(shown, (ids) => ids.filter((id) => id !== tip.id));
    shown = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  }

  const termOf = (event) => event.target.closest?.("[data-term]");
  const on = (type, hear) => zone.addEventListener(type, hear, { signal });
  on("pointerover", (event) => event.pointerType === "mouse" && show(termOf(event)));
  on("pointerleave", hide);
  on("focusin", (event) => show(termOf(event)));
  on("focusout", hide);
  on("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", hide, { capture: true, passive: true, signal });
  signal.addEventListener("abort", () => tip.remove());
}

// Changes the ids of what describes an element: a field may have an error beside its hint.
export function describe(element, change) {
  const ids = change(element.getAttribute("aria-describedby")?.split(" ") ?? []);
  if (ids.length) element.setAttribute("aria-describedby", ids.join(" "));
  else element.removeAttribute("aria-describedby");
}

function between(low, value, high) {
  return Math.max(low, Math.min(value, high));
}
