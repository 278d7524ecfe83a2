// From the canvas to what travels: the crop with all the ink, averaged down.

const LONGEST = 100; // pixels along the longer side of a crop; five for each that a digit gets

// The crop of an RGBA picture's alpha, or null if there is no ink.
export function crop({ data, width, height }) {
  const box = boundingBox(data, width, height);
  if (!box) return null;
  const step = Math.ceil(Math.max(box.width, box.height) / LONGEST);
  return average(data, width, height, box, step);
}

function boundingBox(data, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, i = 3; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      if (data[i] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

// Means over step x step boxes. What sticks out beyond the picture has no ink.
function average(data, width, height, box, step) {
  const [columns, rows] = [Math.ceil(box.width / step), Math.ceil(box.height / step)];
  const sums = new Uint32Array(columns * rows);
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  for (let y = box.top; y < bottom; y++) {
    const row = Math.floor((y - box.top) / step) * columns;
    for (let x = box.left; x < right; x++) {
      sums[row + Math.floor((x - box.left) / step)] += data[4 * (y * width + x) + 3];
    }
  }
  const bytes = Uint8Array.from(sums, (sum) => Math.round(sum / (step * step)));
  return { width: columns, height: rows, bytes };
}
