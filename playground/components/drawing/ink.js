// From the canvas to what travels: the crop with all the ink, averaged down.

const LONGEST = 100; // pixels along the longer side of a crop; five for each that a digit gets

// The crop of an RGBA picture's alpha, or null if there is no ink.
export function crop({ data, width, height }) {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const box = boundingBox(pixels, width, height);
  if (!box) return null;
  const step = Math.ceil(Math.max(box.width, box.height) / LONGEST);
  return average(pixels, width, box, step);
}

const alpha = (pixel) => pixel >>> 24;

function boundingBox(pixels, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (alpha(pixels[i]) === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

// Means over step x step boxes. What sticks out beyond the picture has no ink.
function average(pixels, width, box, step) {
  const [columns, rows] = [Math.ceil(box.width / step), Math.ceil(box.height / step)];
  const sums = new Uint32Array(columns * rows);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left;
    let place = Math.floor(y / step) * columns;
    for (let x = 0; x < box.width; x += step, place++) {
      const end = start + Math.min(x + step, box.width);
      for (let at = start + x; at < end; at++) sums[place] += alpha(pixels[at]);
    }
  }
  const bytes = Uint8Array.from(sums, (sum) => Math.round(sum / (step * step)));
  return { width: columns, height: rows, bytes };
}
