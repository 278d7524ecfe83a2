// When painted canvases are seen, and how large they are.

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
