// Pictures pixel by pixel: which are ink, and the same at other sizes.

// Masks: what hangs together, where it lies, and how far other pixels are from it.

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

// Where each numbered piece lies, from number 1 on, and how many pixels it has.
/** @type {(mask: Mask, numbered: Int32Array) => (Bounds & { area: number })[]} */
export function boxes({ width, height }, numbered) {
  /** @type {(Bounds & { area: number })[]} */
  const found = [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!numbered[i]) continue;
      const box = (found[numbered[i] - 1] ??= { top: y, bottom: 0, left: width, right: 0, area: 0 });
      box.bottom = y + 1;
      if (x < box.left) box.left = x;
      if (x >= box.right) box.right = x + 1;
      box.area++;
    }
  }
  return found;
}

// Rows as columns.
/** @type {(mask: Mask) => Mask} */
export function turned({ width, height, on }) {
  const out = new Uint8Array(on.length);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) out[x * height + y] = on[i];
  return { width: height, height: width, on: out };
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
      const row = Math.floor(at / width);
      const column = at - row * width;
      const [first, last] = [Math.max(0, column - 1), Math.min(width - 1, column + 1)];
      for (let y = Math.max(0, row - 1), end = Math.min(height - 1, row + 1); y <= end; y++) {
        for (let next = y * width + first; next <= y * width + last; next++) {
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
  return alongRows(alongColumns(on, width, wanted, far), width);
}

// Squared, the way to the nearest one above or below.
/** @type {(on: Uint8Array, width: number, wanted: number, far: number) => Int32Array} */
function alongColumns(on, width, wanted, far) {
  const column = new Int32Array(on.length);
  for (let i = 0; i < width; i++) column[i] = on[i] === wanted ? 0 : far;
  for (let i = width; i < on.length; i++) {
    const above = column[i - width];
    column[i] = on[i] === wanted ? 0 : above < far ? above + 1 : far;
  }
  for (let i = on.length - width - 1; i >= 0; i--) {
    const below = column[i + width] + 1;
    if (below < column[i]) column[i] = below;
  }
  for (let i = 0; i < on.length; i++) column[i] *= column[i];
  return column;
}

// Of each row the lowest of the parabolas over its pixels, from left to right as they meet. Meijster,
// Roerdink and Hesselink, A General Algorithm for Computing Distance Transforms in Linear Time (2000).
/** @type {(column: Int32Array, width: number) => Float32Array<ArrayBuffer>} */
function alongRows(column, width) {
  const way = new Float32Array(column.length);
  const lowest = new Int32Array(width); // whose parabola is the lowest, one after the other
  const since = new Int32Array(width); // the first pixel of each
  for (let row = 0; row < column.length; row += width) {
    const last = envelope(column, row, width, lowest, since);
    for (let x = width - 1, at = last; x >= 0; x--) {
      const aside = x - lowest[at];
      way[row + x] = Math.sqrt(column[row + lowest[at]] + aside * aside);
      if (x === since[at]) at--;
    }
  }
  return way;
}

// How many parabolas there are but one.
/** @type {(column: Int32Array, row: number, width: number, lowest: Int32Array, since: Int32Array) => number} */
function envelope(column, row, width, lowest, since) {
  let last = 0;
  lowest[0] = since[0] = 0;
  for (let x = 1; x < width; x++) {
    const high = column[row + x] + x * x;
    // Where it falls below the last one; all of that may lie behind it.
    let meets = 0;
    for (; last >= 0; last--) {
      const other = lowest[last];
      meets = 1 + Math.floor((high - column[row + other] - other * other) / (2 * (x - other)));
      if (meets > since[last]) break;
    }
    if (last < 0) meets = 0;
    if (meets >= width) continue;
    last++;
    lowest[last] = x;
    since[last] = meets;
  }
  return last;
}

// Pictures of other sizes, number by number as Pillow makes them.

/** @typedef {{ width: number, height: number, values: Float32Array }} Grey a picture; the first row is the highest */
/** @typedef {{ width: number, height: number, bytes: Uint8Array }} Bytes a picture of 256 greys */

const { fround } = Math;

// Means over boxes of `factor` pixels a side, rounded. Mirrors Image.reduce (Reduce.c).
/** @type {(picture: Bytes, factor: number) => Bytes} */
export function reduced({ width, height, bytes }, factor) {
  if (factor === 1) return { width, height, bytes };
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Uint32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++) sums[row + Math.floor(x / factor)] += bytes[y * width + x];
  }
  const out = new Uint8Array(columns * rows);
  sums.forEach((sum, i) => {
    const across = Math.min(factor, width - (i % columns) * factor);
    const down = Math.min(factor, height - Math.floor(i / columns) * factor);
    const pixels = across * down;
    const share = Math.trunc(fround(2 ** 32 / (256 * pixels)));
    out[i] = ((sum + (pixels >> 1)) * share) / 2 ** 24;
  });
  return { width: columns, height: rows, bytes: out };
}

// The highest value at most so many rows and columns away.
/** @type {(picture: Bytes, reach: number) => Bytes} */
export function highest({ width, height, bytes }, reach) {
  const across = width + 2 * reach;
  const room = new Uint8Array(across * (height + 2 * reach));
  for (let y = 0; y < height; y++) room.set(bytes.subarray(y * width, (y + 1) * width), (y + reach) * across + reach);
  raise(room, 1, reach);
  raise(room, across, reach);
  const out = new Uint8Array(bytes.length);
  for (let y = 0; y < height; y++) out.set(room.subarray(y * across, y * across + width), y * width);
  return { width, height, bytes: out };
}

// The highest of each value and the next 2 reach ones, `step` apart: of 2, of 4, of 8 and so on.
/** @type {(values: Uint8Array, step: number, reach: number) => void} */
function raise(values, step, reach) {
  for (let size = 1, next; size < 2 * reach + 1; size += next) {
    next = Math.min(size, 2 * reach + 1 - size);
    const end = values.length - next * step;
    for (let i = 0, far = next * step; i < end; i++, far++) if (values[far] > values[i]) values[i] = values[far];
  }
}

// A part of a picture, from `left` and `top` to `right` and `bottom`, in another size. Mirrors
// Image.resize with BICUBIC and a box, of a picture of mode F (Resample.c): first across, then down.
/** @type {(picture: Grey, width: number, height: number, box: { left: number, top: number, right: number, bottom: number }) => Grey} */
export function resized(picture, width, height, { left, top, right, bottom }) {
  const across = weighed(picture.width, fround(left), fround(right), width);
  const down = weighed(picture.height, fround(top), fround(bottom), height);
  const wide = new Float32Array(width * picture.height);
  for (let x = 0; x < width; x++) {
    const { first, weights } = across[x];
    for (let y = 0; y < picture.height; y++) {
      const from = y * picture.width + first;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += picture.values[from + i] * weights[i];
      wide[y * width + x] = sum;
    }
  }
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const { first, weights } = down[y];
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += wide[(first + i) * width + x] * weights[i];
      values[y * width + x] = sum;
    }
  }
  return { width, height, values };
}

// For each new pixel the old ones that it is made of, from `first` on.
/** @type {(size: number, from: number, to: number, count: number) => { first: number, weights: Float64Array }[]} */
function weighed(size, from, to, count) {
  const scale = fround(to - from) / count;
  const spread = Math.max(scale, 1);
  return Array.from({ length: count }, (_, i) => {
    const middle = from + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - 2 * spread + 0.5));
    const last = Math.min(size, Math.trunc(middle + 2 * spread + 0.5));
    const inverse = 1 / spread;
    const weights = new Float64Array(last - first);
    let total = 0;
    for (let at = 0; at < weights.length; at++) {
      weights[at] = bicubic((at + first - middle + 0.5) * inverse);
      total += weights[at];
    }
    for (let at = 0; at < weights.length; at++) weights[at] *= 1 / total;
    return { first, weights };
  });
}

// Keys, Cubic Convolution Interpolation for Digital Image Processing (1981), with a = -1/2.
/** @type {(away: number) => number} */
function bicubic(away) {
  const x = Math.abs(away);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}
