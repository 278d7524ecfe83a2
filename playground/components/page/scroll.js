// Each tab is found again where it was left: one that is opened first begins at its top.

const PATIENCE = 1000; // ms in which what a tab shows is as long again as it was
const INPUTS = ["wheel", "pointerdown", "touchstart", "keydown"];

export function keepScroll(signal) {
  const tabs = document.querySelector("#tabs [role=tablist]");
  const open = () => tabs.querySelector("[aria-selected=true]")?.dataset.tabId;
  const places = new Map(); // by tab, in px
  let shown = open();
  let going = 0;

  function go(place, until) {
    cancelAnimationFrame(going);
    scrollTo({ top: place, behavior: "instant" });
    if (Math.abs(scrollY - place) > 1 && performance.now() < until) going = requestAnimationFrame(() => go(place, until));
  }

  addEventListener("scroll", () => shown === open() && places.set(shown, scrollY), { passive: true, signal });
  for (const name of INPUTS) addEventListener(name, () => cancelAnimationFrame(going), { passive: true, capture: true, signal });
  const observer = new MutationObserver(() => {
    if (shown === open()) return;
    shown = open();
    go(places.get(shown) ?? 0, performance.now() + PATIENCE);
  });
  observer.observe(tabs, { subtree: true, attributeFilter: ["aria-selected"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
