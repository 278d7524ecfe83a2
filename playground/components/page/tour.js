// The guided tour: a card that says what there is, beside a page that shows it. Nothing is blocked:
// whoever wants to try what is said just does.

const SOON = 150; // ms after a change of the page
const CORNERS = ["bottom right", "bottom left", "top right", "top left"];

// `card` says it, and `button` has the focus again when it ends; `open` hears the fragment of each
// stop. Gives a function that starts it.
export function tour(button, card, stops, open, signal) {
  const find = (selector) => card.querySelector(selector);
  let at = 0;
  let pointedAt = null;
  let soon = 0; // what is pointed at may be moved by what comes above it

  // The tab that a stop opens may take a while to come, and may replace what was pointed at.
  const watching = new MutationObserver(() => {
    if (!pointedAt?.checkVisibility()) point();
    soon ||= setTimeout(() => {
      soon = 0;
      makeRoom();
    }, SOON);
  });

  function show(stop) {
    at = stop;
    const { title, words, fragment } = stops[at];
    find("h2").textContent = title;
    find("p").textContent = words;
    find("output").textContent = `${at + 1} of ${stops.length}`;
    find("[data-do=back]").disabled = at === 0;
    find("[data-do=next]").textContent = at < stops.length - 1 ? "Next" : "Done";
    card.hidden = false;
    watching.observe(document.body, { subtree: true, childList: true, attributeFilter: ["hidden", "style", "class"] });
    open(fragment);
    point();
  }

  function point() {
    const { target } = stops[at];
    const found = [...document.querySelectorAll(target)].find((element) => element.checkVisibility());
    if (found === pointedAt) return;
    pointedAt?.classList.remove("toured");
    pointedAt = found ?? null;
    pointedAt?.classList.add("toured");
    pointedAt?.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    makeRoom();
  }

  // The card goes to the corner where it covers least of what it speaks of.
  function makeRoom() {
    if (card.hidden || !pointedAt) return;
    const subject = pointedAt.getBoundingClientRect();
    const covered = CORNERS.map((corner) => {
      card.dataset.corner = corner;
      return overlap(card.getBoundingClientRect(), subject);
    });
    card.dataset.corner = CORNERS[covered.indexOf(Math.min(...covered))];
  }

  function end() {
    card.hidden = true;
    watching.disconnect();
    pointedAt?.classList.remove("toured");
    pointedAt = null;
    button.focus();
  }

  addEventListener("resize", makeRoom, { signal });
  document.addEventListener("scrollend", makeRoom, { capture: true, signal });
  find("[data-do=end]").addEventListener("click", end);
  find("[data-do=back]").addEventListener("click", () => show(at - 1));
  find("[data-do=next]").addEventListener("click", () => (at < stops.length - 1 ? show(at + 1) : end()));
  card.addEventListener("keydown", (event) => event.key === "Escape" && end());

  return () => {
    show(0);
    find("h2").focus({ preventScroll: true });
  };
}

// Pixels that two boxes share.
const overlap = (a, b) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

