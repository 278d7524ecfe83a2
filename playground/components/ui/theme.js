// Light or dark, and the colours and the type that painted pictures take from the style sheet.

export const dark = () => document.body.classList.contains("dark");

const colours = new Map();

// A colour of the theme by its name in page.css. Asking the browser each time would make it lay
// out the page while the pen moves.
export function colour(name) {
  const key = `${name} ${dark()}`;
  if (!colours.has(key)) colours.set(key, getComputedStyle(document.body).getPropertyValue(name));
  return colours.get(key);
}

let larger; // how many times as large words are as on a desk; asked for again after a resize
addEventListener("resize", () => (larger = undefined));

// The font of words that are painted, as large as the page wants its words.
export function font(pixels, weight = 400) {
  larger ??= Number(getComputedStyle(document.documentElement).getPropertyValue("--type")) || 1;
  return `${weight} ${pixels * larger}px system-ui, sans-serif`;
}

// Calls back when the page turns dark or light, by our button or by the system, until
// `signal` is aborted.
export function onTheme(callback, signal) {
  let was = dark();
  const observer = new MutationObserver(() => {
    if (dark() !== was) callback((was = dark()));
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
