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
