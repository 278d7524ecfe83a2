// The arithmetic of the kernel (kernel.wat) in plain JavaScript, for a browser without WASM SIMD.

/**
 * @typedef {{
 *   conv: (x: number, w: number, b: number, y: number, rows: number, cols: number, xRow: number,
 *     xCol: number, yRow: number, yCol: number, parts: number, part: number, partStep: number,
 *     channels: number) => void,
 *   silu: (x: number, y: number, count: number) => void,
 *   sigmoid: (x: number, y: number, count: number) => void,
 * }} Kernel
 */

export const BLOCK = 8; // channels whose weights lie side by side

// All addresses and steps are bytes, as in the kernel.
/** @type {(memory: ArrayBuffer) => Kernel} */
function plainKernel(memory) {
  const numbers = new Float32Array(memory);
  const sums = new Float32Array(BLOCK);

  // The sums of one place for a block of channels.
  /** @type {(x: number, w: number, b: number, parts: number, part: number, partStep: number) => void} */
  function add(x, w, b, parts, part, partStep) {
    let s0 = numbers[b], s1 = numbers[b + 1], s2 = numbers[b + 2], s3 = numbers[b + 3];
    let s4 = numbers[b + 4], s5 = numbers[b + 5], s6 = numbers[b + 6], s7 = numbers[b + 7];
    let at = w;
    for (let i = 0; i < parts; i++) {
      const start = x + i * partStep;
      for (let k = start; k < start + part; k++, at += BLOCK) {
        const value = numbers[k];
        s0 += value * numbers[at];
        s1 += value * numbers[at + 1];
        s2 += value * numbers[at + 2];
        s3 += value * numbers[at + 3];
        s4 += value * numbers[at + 4];
        s5 += value * numbers[at + 5];
        s6 += value * numbers[at + 6];
        s7 += value * numbers[at + 7];
      }
    }
    sums[0] = s0; sums[1] = s1; sums[2] = s2; sums[3] = s3;
    sums[4] = s4; sums[5] = s5; sums[6] = s6; sums[7] = s7;
  }

  /** @type {(each: (value: number) => number) => (x: number, y: number, count: number) => void} */
  const elementwise = (each) => (x, y, count) => {
    for (let i = 0; i < count; i++) numbers[(y >> 2) + i] = each(numbers[(x >> 2) + i]);
  };

  return {
    conv(x, w, b, y, rows, cols, xRow, xCol, yRow, yCol, parts, part, partStep, channels) {
      const size = parts * part * BLOCK;
      for (let channel = 0; channel < channels; channel += BLOCK) {
        const kept = Math.min(BLOCK, channels - channel);
        const weights = (w >> 2) + Math.trunc(channel / BLOCK) * size;
        for (let row = 0; row < rows; row++) {
          for (let col = 0; col < cols; col++) {
            add((x + row * xRow + col * xCol) >> 2, weights, (b >> 2) + channel, parts, part, partStep >> 2);
            const to = ((y + row * yRow + col * yCol) >> 2) + channel;
            for (let i = 0; i < kept; i++) numbers[to + i] = sums[i];
          }
        }
      }
    },
    silu: elementwise((value) => value / (1 + Math.exp(-value))),
    sigmoid: elementwise((value) => 1 / (1 + Math.exp(-value))),
  };
}

/** @type {import("./program.js").Rooms} */
export function plainRoom(bytes) {
  const memory = new ArrayBuffer(bytes);
  return { memory, kernel: plainKernel(memory) };
}
