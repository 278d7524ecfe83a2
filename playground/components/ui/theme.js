// Light or dark, and the colours and the type that painted pictures take from the style sheet.

export const dark = () => document.body.classList.contains("dark");

/** @type {Map<string, string>} */
const colours = new Map();

// A colour of the theme by its name in page.css. Asking the browser each time would make it lay
// out the page while the pen moves.
/** @type {(name: string) => string} */
export function colour(name) {
  const key = `${name} ${dark()}`;
  const known = colours.get(key) ?? getComputedStyle(document.body).getPropertyValue(name);
  colours.set(key, known);
  return known;
}

/** @type {number | undefined} */
let larger; // how many times as large words are as on a desk; asked for again after a resize
addEventListener("resize", () => (larger = undefined));

// The font of words that are painted, as large as the page wants its words.
/** @type {(pixels: number, weight?: number) => string} */
export function font(pixels, weight = 400) {
  larger ??= Number(getComputedStyle(document.documentElement).getPropertyValue("--type")) || 1;
  return `${weight} ${pixels * larger}px system-ui, sans-serif`;
}

// Calls back when the page turns dark or light, by our button or by the system, until
// `signal` is aborted.
/** @type {(callback: (dark: boolean) => unknown, signal: AbortSignal) => void} */
export function onTheme(callback, signal) {
  let was = dark();
  const observer = new MutationObserver(() => {
    if (dark() !== was) callback((was = dark()));
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
