// Focus stays in its place: when what has it is removed, hidden or disabled, its namesake or what
// is nearest gets it. Without that, who uses the keyboard starts again from the top of the page.

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

let held = null; // { element, key, around }: what has focus, and what it lies in, from the inside out

export function keepFocus(signal) {
  if (document.activeElement !== document.body) hold(document.activeElement);
  document.addEventListener("focusin", ({ target }) => hold(target), { signal });
  // A press beside everything, or a step out of the page, takes it away on purpose.
  document.addEventListener("focusout", () => setTimeout(() => {
    if (document.activeElement === document.body) held = null;
  }), { signal });
  const observer = new MutationObserver((changes) => held && changes.some(takesIt) && giveBack());
  observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ["disabled", "hidden"] });
  signal.addEventListener("abort", () => observer.disconnect());
}

function hold(element) {
  held = { element, key: keyOf(element), around: ancestors(element) };
}

function takesIt({ target, removedNodes }) {
  if ([...removedNodes].some((node) => node.contains(held.element))) return true;
  return (target.disabled || target.hidden) && target.contains(held.element);
}

function giveBack() {
  const { element, around } = held;
  if (![document.body, element].includes(document.activeElement)) return; // it is elsewhere already
  const heir = isUsable(element) ? element : around.filter(isThere).map(heirIn).find(Boolean);
  heir?.focus({ preventScroll: true });
}

// The namesake, else what comes next, else what comes before.
function heirIn(place) {
  const all = [...place.querySelectorAll(FOCUSABLE)].filter(isUsable);
  const after = (other) => held.element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const next = held.element.isConnected ? all.find(after) : all[0];
  return all.find((other) => keyOf(other) === held.key) ?? next ?? all.at(-1);
}

const isThere = (element) => element.isConnected && element.checkVisibility();

function isUsable(element) {
  return isThere(element) && element.tabIndex >= 0 && !element.disabled;
}

function keyOf(element) {
  const choice = ["radio", "checkbox"].includes(element.type) ? element.value : "";
  return [element.tagName, element.name, choice, element.ariaLabel ?? element.textContent].join();
}

function ancestors(element) {
  return element.parentElement ? [element.parentElement, ...ancestors(element.parentElement)] : [];
}
