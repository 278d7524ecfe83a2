// In a narrow window the drawing is a small picture that stays in view, and opens to be drawn on.

const NARROW = "(max-width: 860px)";

// `zone` is the drawing with its controls. It is closed by its button, by Escape, and by touching
// what it does not cover.
export function sheet(zone, signal) {
  const find = (selector) => zone.querySelector(selector);
  const narrow = matchMedia(NARROW);

  function show(large) {
    if (large === zone.classList.contains("large")) return;
    zone.classList.toggle("large", large);
    find(".unfold").setAttribute("aria-expanded", String(large));
    (large ? find("canvas") : find(".unfold")).focus({ preventScroll: true });
  }

  const covers = (target) => zone.contains(target) || target.closest(".peek, dialog, [popover]");

  find(".unfold").addEventListener("click", () => show(true));
  find("[data-do=fold]").addEventListener("click", () => show(false));
  zone.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !zone.classList.contains("large")) return;
    event.preventDefault();
    show(false);
  });
  document.addEventListener("pointerdown", ({ target }) => !covers(target) && show(false), { capture: true, signal });
  narrow.addEventListener("change", () => show(false), { signal });
}
