// What a number or a picture means: on hover, on focus, and on tap.

const GAP = 8;

export function explain(zone, terms) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.id = "tip";
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
    target.setAttribute("aria-describedby", tip.id);
    tip.showPopover();
    place(target.getBoundingClientRect());
  }

  function place(box) {
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(innerWidth - width - GAP, Math.max(GAP, box.left + box.width / 2 - width / 2));
    const below = box.bottom + GAP + height < innerHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${below ? box.bottom + GAP : Math.max(GAP, box.top - GAP - height)}px`;
  }

  function hide() {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  }

  const termOf = (event) => event.target.closest?.("[data-term]");
  zone.addEventListener("pointerover", (event) => event.pointerType === "mouse" && show(termOf(event)));
  zone.addEventListener("pointerleave", hide);
  zone.addEventListener("focusin", (event) => show(termOf(event)));
  zone.addEventListener("focusout", hide);
  zone.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", hide, { capture: true, passive: true });
}
