// The first layer of a model before and after the picture moves. Mirrors
// vae_core/interpret/equivariance.py.

/**
 * @typedef {{ right: number, down: number }} Way in pixels
 * @typedef {{ height: number, width: number }} Size of a picture or a map
 * @typedef {{ step: number, edge: number }} Window how far it is to the next one, and how long a side of it
 */

// Pictures or maps one after the other, each moved; what comes in at the edge is 0.
/** @type {(pictures: Float32Array, way: Way, size: Size) => Float32Array<ArrayBuffer>} */
export function move(pictures, { right, down }, { height, width }) {
  return Float32Array.from(pictures, (_, i) => {
    const [row, column] = [Math.floor(i / width) % height - down, (i % width) - right];
    return row < 0 || row >= height || column < 0 || column >= width ? 0 : pictures[i - down * width - right];
  });
}

// The length of the difference over the length of what there was; 0 if nothing changed.
/** @type {(before: Float32Array, after: Float32Array) => number} */
export function change(before, after) {
  const length = Math.hypot(...before);
  return length ? Math.hypot(...after.map((value, i) => value - before[i])) / length : 0;
}

// The same for maps after moving them back. Only places count whose windows lie within the picture
// before and after: beyond its edge there is nothing to move.
/** @type {(before: Float32Array, after: Float32Array, way: Way, size: Size, window: Window) => number} */
export function changeAlong(before, after, way, size, { step, edge }) {
  const { height, width } = size;
  const back = { right: -way.right / step, down: -way.down / step };
  const rim = Math.ceil(Math.floor(edge / 2) / step);
  const within = (/** @type {number} */ at, /** @type {number} */ length) => at >= rim && at < length - rim;
  const inside = Float32Array.from(before, (_, i) => (
    Number(within(Math.floor(i / width) % height, height) && within(i % width, width))
  ));
  const there = move(inside, back, size);
  const seen = (/** @type {Float32Array} */ maps) => maps.map((value, i) => value * inside[i] * there[i]);
  return change(seen(before), seen(move(after, back, size)));
}
