// A picture that a visitor brings, as the models could have it: small, square and grey.

const SIDE = 28;
const FINE = 10; // samples along a pixel
const LARGEST = 16 * 2 ** 20; // bytes

// The middle square of an image file, 28x28 grey bytes; an Error in words if it is none.
export async function squareOf(file) {
  if (file.size > LARGEST) throw new Error("This file is too large: at most 16 MB can be read.");
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch (cause) {
    throw new Error("This file is not a picture that the browser can read. Try a PNG or a JPEG.", { cause });
  }
  const side = Math.min(bitmap.width, bitmap.height);
  const context = new OffscreenCanvas(SIDE * FINE, SIDE * FINE).getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  const corner = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  context.drawImage(bitmap, ...corner, side, side, 0, 0, SIDE * FINE, SIDE * FINE);
  bitmap.close();
  return averaged(context.getImageData(0, 0, SIDE * FINE, SIDE * FINE).data);
}

// The mean grey of the samples of each pixel; what is transparent counts as black.
function averaged(rgba) {
  const sums = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < rgba.length / 4; i++) {
    const [red, green, blue, opaque] = rgba.subarray(4 * i, 4 * i + 4);
    const row = Math.floor(i / (SIDE * FINE) / FINE);
    const column = Math.floor((i % (SIDE * FINE)) / FINE);
    sums[row * SIDE + column] += (0.299 * red + 0.587 * green + 0.114 * blue) * (opaque / 255);
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / FINE ** 2));
}
