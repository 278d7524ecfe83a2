// Sprites: many pictures of one size in a single image, as the server sends them.

// The grey bytes of an image file, row by row: { width, height, bytes }.
export async function greyOf(file, type = "image/webp") {
  const bitmap = await createImageBitmap(new Blob([file], { type }));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const bytes = new Uint8Array(width * height);
  for (let i = 0; i < bytes.length; i++) bytes[i] = data[4 * i];
  return { width, height, bytes };
}
