// What painted canvases take from the page: when they are seen, how large they are, its colours and
// its type.

/** @type {(canvas: HTMLCanvasElement, how?: CanvasRenderingContext2DSettings) => CanvasRenderingContext2D} */
export function contextOf(canvas, how) {
  const context = canvas.getContext("2d", how);
  if (!context) throw new Error("This browser cannot paint.");
  return context;
}

// A canvas cleared, one pixel per screen pixel, its unit one pixel of the page.
/** @type {(canvas: HTMLCanvasElement, width: number, height: number) => CanvasRenderingContext2D} */
export function fit(canvas, width, height) {
  const ratio = Math.min(devicePixelRatio, 2);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = contextOf(canvas);
  context.setTransform(wide / width, 0, 0, high / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// Parts of the page behind another tab need not work until their tab is opened.

// Calls back with true when the element comes into sight, with false when it goes behind a tab,
// and with true again when its size has changed; until `signal` is aborted.
/** @type {(element: HTMLElement, callback: (seen: boolean) => unknown, signal: AbortSignal) => void} */
export function onSight(element, callback, signal) {
  /** @type {boolean | null} */
  let was = null;
  const observer = new ResizeObserver(() => {
    const seen = element.offsetParent !== null;
    if (seen || seen !== was) callback(seen);
    was = seen;
  });
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
}

// Light or dark, and the colours and the type of the style sheet.

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
let least = 0; // pixels, of the smallest words

// How large painted words are that have `pixels` on a desk.
/** @type {(pixels: number) => number} */
export function sizeOf(pixels) {
  if (larger === undefined) {
    const style = getComputedStyle(document.documentElement);
    larger = Number(style.getPropertyValue("--type")) || 1;
    least = Number(style.getPropertyValue("--least")) || 0;
    addEventListener("resize", () => (larger = undefined), { once: true });
  }
  return Math.max(pixels * larger, least);
}

// The font of words that are painted, as large as the page wants its words.
/** @type {(pixels: number, weight?: number) => string} */
export const font = (pixels, weight = 400) => `${weight} ${sizeOf(pixels)}px system-ui, sans-serif`;

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
