// Presenter mode: larger type, fewer controls, the drawing as a sheet that floats (floating.js), and steps
// through a lesson by the keyboard. The steps are links that a teacher wrote, in text/steps.md.

import { make, typing } from "../ui/elements.js";
import { floatDrawing, sinkDrawing } from "./floating.js";
import { keysNotice } from "./frame.js";

const MODE = "present=1";
const KEYS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };
const USED = "input, select, textarea, canvas, [contenteditable], [role=application], [role=tab], .cells button";

// `bar` shows where in the lesson one is, and `asked` the question of that step; `open` hears the
// fragment of a step. Gives a function that begins or ends it, and one that takes the fragment of a
// link that was opened: it may be a step's.
export function presenter(button, bar, asked, steps, open, signal) {
  const find = (selector) => bar.querySelector(selector);
  const root = document.documentElement;
  const list = find(".steps-list");
  let at = -1; // the step on show; -1 before the first

  const on = () => root.classList.contains("presenting");

  function show(presenting) {
    root.classList.toggle("presenting", presenting);
    button.setAttribute("aria-pressed", String(presenting));
    bar.hidden = !presenting;
    (presenting ? floatDrawing : sinkDrawing)();
    dispatchEvent(new Event("resize")); // what is painted takes its size from the page
  }

  function mark(step) {
    at = step;
    const { title, question = "" } = steps[at] ?? {};
    asked.textContent = question;
    find("output").textContent = title ? `${at + 1} of ${steps.length} · ${title}` : `${steps.length} steps`;
    find("[data-do=next]").disabled = at >= steps.length - 1;
    find("[data-do=back]").disabled = at <= 0;
    list.querySelectorAll("button").forEach((each, i) => (each.ariaCurrent = i === at ? "step" : null));
  }

  function go(by) {
    goTo(Math.max(0, Math.min(steps.length - 1, at + by)));
  }

  function goTo(step) {
    if (step === at || !steps.length) return;
    mark(step);
    open(`${steps[step].fragment}&${MODE}`);
  }

  function key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || busy()) return;
    if (!on()) return;
    if (event.key === "Escape") show(false);
    else if (event.key.toLowerCase() === "n" && !typing(event.target)) list.togglePopover();
    else if (event.key in KEYS && !(used(event) || event.shiftKey)) go(KEYS[event.key]);
    else return;
    event.preventDefault();
  }

  // The arrow keys belong to what has the focus, if that uses them.
  function used({ key: name, target }) {
    return typing(target) || (name.startsWith("Arrow") && target.matches?.(USED));
  }

  list.append(...steps.map(({ title, question }, i) => {
    const entry = make("button", { type: "button" }, make("b", {}, title), make("small", {}, question));
    entry.addEventListener("click", () => {
      list.hidePopover();
      goTo(i);
    });
    return make("li", {}, entry);
  }));
  list.addEventListener("toggle", ({ newState }) => find("[data-do=list]").setAttribute("aria-expanded", String(newState === "open")));
  find("[data-do=list]").popoverTargetElement = list;
  find("[data-do=next]").addEventListener("click", () => go(1));
  find("[data-do=back]").addEventListener("click", () => go(-1));
  document.addEventListener("keydown", key, { signal });
  keysNotice(bar, signal);
  mark(-1);

  return {
    show,
    opened(fragment) {
      const step = steps.findIndex((each) => fragment.replace(`&${MODE}`, "") === each.fragment);
      if (step >= 0) mark(step);
    },
  };
}

const busy = () => document.querySelector("dialog[open], [popover]:popover-open:not(.tip)") !== null;
