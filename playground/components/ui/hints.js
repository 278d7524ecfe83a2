// What a number, a picture or a word means: on hover, on focus, and on tap.

import { fact } from "../state/models.js";
import { late } from "./late.js";

// What there is to explain by the name of each term; asked for when the first one is wanted.
/** @type {() => Promise<{ [term: string]: string }>} */
export const meanings = late(async () => (await fact("terms")).json());

const GAP = 8;

let tips = 0;

// What a term means as the title of an element, once it is known.
/** @type {(element: HTMLElement, term: string) => void} */
export function entitle(element, term) {
  meanings().then((all) => (element.title = all[term] ?? ""), () => {}); // without it, it works as well
}

// Explains what in `zone` has the name of a term, until `signal` is aborted.
/** @type {(zone: HTMLElement, signal: AbortSignal) => void} */
export function explain(zone, signal) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.id = `tip-${++tips}`;
  tip.setAttribute("role", "tooltip");
  tip.popover = "manual"; // above everything, dialogs included
  (zone.querySelector("main") ?? zone).append(tip); // which a screen reader finds by its landmark
  /** @type {HTMLElement | null} */
  let wanted = null;
  /** @type {HTMLElement | null} */
  let shown = null;

  /** @type {(target: HTMLElement | null) => Promise<void>} */
  async function show(target) {
    wanted = target;
    if (target === shown) return;
    hide();
    const meaning = target && (await meanings().catch(() => null))?.[target.dataset.term ?? ""];
    if (!target || !meaning || target !== wanted || signal.aborted) return;
    shown = target;
    tip.textContent = meaning;
    describe(target, (ids) => [...ids, tip.id]);
    tip.showPopover();
    place(target.getBoundingClientRect());
  }

  function leave() {
    wanted = null;
    hide();
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
  on("pointerleave", leave);
  on("focusin", (event) => show(termOf(event)));
  on("focusout", leave);
  on("keydown", (event) => event.key === "Escape" && leave());
  document.addEventListener("scroll", leave, { capture: true, passive: true, signal });
  signal.addEventListener("abort", () => tip.remove());
  show(zone.querySelector("[data-term]:is(:hover, :focus-visible)")); // what brought this script
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
