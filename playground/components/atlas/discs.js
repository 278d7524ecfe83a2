// Discs as lists of pixels, made once for each size.

const MOST = 64; // sizes that are kept

const kept = new Map();

// The disc of a radius, in px of a canvas so many px wide, at each of four places within a pixel.
// Offsets are from the pixel that its middle is in; shares say how much of 256 the disc covers.
export function discsOf(radius, width) {
  const size = Math.max(2, Math.round(8 * radius)); // in eighths of a px
  const key = `${size} ${width}`;
  if (kept.has(key)) return kept.get(key);
  if (kept.size >= MOST) kept.clear();
  const reach = Math.ceil(size / 8 + 1);
  const four = [0.25, 0.75].map((x) => [0.25, 0.75].map((y) => disc(size / 8, reach, x, y, width)));
  const discs = { reach, at: (right, low) => four[Number(right)][Number(low)] };
  kept.set(key, discs);
  return discs;
}

function disc(radius, reach, x, y, width) {
  const offsets = [];
  const shares = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const far = Math.hypot(dx + 0.5 - x, dy + 0.5 - y);
      const share = Math.round(256 * Math.min(1, Math.max(0, radius - far + 0.5)));
      if (!share) continue;
      offsets.push(dy * width + dx);
      shares.push(share);
    }
  }
  return { offsets: Int32Array.from(offsets), shares: Uint16Array.from(shares) };
}
