// What a number or a picture means: on hover, on focus, and on tap.

const GAP = 8;

let tips = 0;

// Explains what in `zone` has the name of a term, until `signal` is aborted.
/** @type {(zone: HTMLElement, terms: { [name: string]: string }, signal: AbortSignal) => void} */
export function explain(zone, terms, signal) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.id = `tip-${++tips}`;
  tip.setAttribute("role", "tooltip");
  tip.popover = "manual"; // above everything, dialogs included
  zone.append(tip);
  /** @type {HTMLElement | null} */
  let shown = null;

  /** @type {(target: HTMLElement | null) => void} */
  function show(target) {
    if (target === shown) return;
    hide();
    const meaning = terms[target?.dataset.term ?? ""];
    if (!target || !meaning) return;
    shown = target;
    tip.textContent = meaning;
    describe(target, (ids) => [...ids, tip.id]);
    tip.showPopover();
    place(target.getBoundingClientRect());
  }

  // Beside what it explains, so that the rows below stay in sight; below it where that is narrow.
  /** @type {(box: DOMRect) => void} */
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

  const termOf = (/** @type {any} */ event) => event.target.closest?.("[data-term]");
  /** @type {<Type extends keyof HTMLElementEventMap>(type: Type, hear: (event: HTMLElementEventMap[Type]) => unknown) => void} */
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
/** @type {(element: Element, change: (ids: string[]) => string[]) => void} */
export function describe(element, change) {
  const ids = change(element.getAttribute("aria-describedby")?.split(" ") ?? []);
  if (ids.length) element.setAttribute("aria-describedby", ids.join(" "));
  else element.removeAttribute("aria-describedby");
}

/** @type {(low: number, value: number, high: number) => number} */
function between(low, value, high) {
  return Math.max(low, Math.min(value, high));
}
