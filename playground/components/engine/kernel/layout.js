// Where the numbers of a value lie: an image at a time, row by row, the channels of a pixel side by
// side, and a border of zeros around the maps for what takes windows of them.

/**
 * @typedef {{ channels: number, height: number, width: number, pad: number, step: number, row: number, size: number, at: number }} Layout
 * step, row and size are the numbers from one pixel, row and image to the next; at is the first one.
 */

/** @type {(count: number, of: number) => number} */
export const upTo = (count, of) => Math.ceil(count / of) * of;

// Units are the channels of a single pixel.
/** @type {(shape: number[], pad: number, tight: boolean) => Layout} */
export function layoutOf(shape, pad, tight) {
  const [channels, height, width] = shape.length === 3 ? shape : [shape[0], 1, 1];
  const step = tight ? channels : upTo(channels, 4); // a kernel writes four at once
  const row = (width + 2 * pad) * step;
  return { channels, height, width, pad, step, row, size: upTo((height + 2 * pad) * row, 4), at: 0 };
}

// The index of the first number of a row of an image, within the border.
/** @type {(layout: Layout, image: number, y: number) => number} */
export const rowAt = ({ at, size, row, pad, step }, image, y) => at + image * size + (y + pad) * row + pad * step;

// Writes the numbers of an image that lie channel by channel, from `from` on.
/** @type {(memory: Float32Array, layout: Layout, image: number, values: ArrayLike<number>, from: number) => void} */
export function write(memory, layout, image, values, from) {
  const { channels, height, width, step } = layout;
  for (let y = 0; y < height; y++) {
    for (let x = 0, to = rowAt(layout, image, y); x < width; x++, to += step) {
      for (let c = 0, at = from + y * width + x; c < channels; c++, at += height * width) {
        memory[to + c] = values[at];
      }
    }
  }
}

// Reads the numbers of an image, channel by channel.
/** @type {(memory: Float32Array, layout: Layout, image: number, values: Float32Array, from: number) => void} */
export function read(memory, layout, image, values, from) {
  const { channels, height, width, step } = layout;
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = rowAt(layout, image, y); x < width; x++, at += step) {
      for (let c = 0, to = from + y * width + x; c < channels; c++, to += height * width) {
        values[to] = memory[at + c];
      }
    }
  }
}
