// The size of painted canvases.

// A canvas cleared, one pixel per screen pixel, its unit one pixel of the page.
export function fit(canvas, width, height) {
  const ratio = Math.min(devicePixelRatio, 2);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(wide / width, 0, 0, high / height, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
