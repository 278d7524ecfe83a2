// Which pixels are ink: what hangs together, where it lies, and how far other pixels are from it.

/**
 * @typedef {{ width: number, height: number, on: Uint8Array }} Mask
 * @typedef {{ top: number, bottom: number, left: number, right: number }} Bounds first and last + 1 row and column
 */

/** @type {(mask: Mask) => Bounds} */
export function bounds({ width, height, on }) {
  let [top, bottom, left, right] = [height, 0, width, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!on[i]) continue;
      if (y < top) top = y;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      bottom = y + 1;
    }
  }
  return { top, bottom, left, right };
}

// The number of the piece that each pixel belongs to, 0 for none, and how many pixels each has.
// Corners touch.
/** @type {(mask: Mask) => { pieces: Int32Array, areas: number[] }} */
export function label({ width, height, on }) {
  const pieces = new Int32Array(on.length);
  const areas = [0];
  const open = new Int32Array(on.length);
  for (let start = 0; start < on.length; start++) {
    if (!on[start] || pieces[start]) continue;
    const piece = areas.length;
    let left = 1;
    let area = 0;
    [open[0], pieces[start]] = [start, piece];
    while (left) {
      const at = open[--left];
      area++;
      const [row, column] = [Math.floor(at / width), at % width];
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const next = y * width + x;
          if (!on[next] || pieces[next]) continue;
          pieces[next] = piece;
          open[left++] = next;
        }
      }
    }
    areas.push(area);
  }
  return { pieces, areas };
}

// The distance of each pixel from the nearest one that is `wanted`, which is 1 or 0 in the mask;
// beyond `reach`, at least that.
/** @type {(mask: Mask, wanted: number, reach: number) => Float32Array<ArrayBuffer>} */
export function wayTo({ width, on }, wanted, reach) {
  const far = Math.max(1, Math.ceil(reach));
  return alongRows(alongColumns(on, width, wanted, far), width, far);
}

// Squared, the way to the nearest one above or below.
/** @type {(on: Uint8Array, width: number, wanted: number, far: number) => Int32Array} */
function alongColumns(on, width, wanted, far) {
  const column = new Int32Array(on.length);
  for (let i = 0; i < on.length; i++) {
    const above = i < width ? far : column[i - width] + 1;
    column[i] = on[i] === wanted ? 0 : Math.min(far, above);
  }
  for (let i = on.length - width - 1; i >= 0; i--) column[i] = Math.min(column[i], column[i + width] + 1);
  for (let i = 0; i < on.length; i++) column[i] *= column[i];
  return column;
}

/** @type {(column: Int32Array, width: number, far: number) => Float32Array<ArrayBuffer>} */
function alongRows(column, width, far) {
  const way = new Float32Array(column.length);
  for (let at = 0; at < way.length;) {
    for (let x = 0; x < width; x++, at++) {
      let least = column[at];
      for (let step = 1; step < far && step * step < least; step++) {
        const aside = step * step;
        if (x >= step) least = Math.min(least, column[at - step] + aside);
        if (x + step < width) least = Math.min(least, column[at + step] + aside);
      }
      way[at] = Math.sqrt(least);
    }
  }
  return way;
}
