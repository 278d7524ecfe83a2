// The digits in a picture file: read in the page where the browser knows the format, by the server where not.

import { digitsIn } from "../engine/data/photographs.js";
import { ask, unpack } from "../engine/wire.js";
import { served } from "../state/models.js";

const MOST = 100e6; // pixels of a picture; it is made smaller as it is unpacked
const EVERYWHERE = /^image\/(png|jpeg|gif|webp|bmp)$/; // what every browser reads
const UNREADABLE = "The picture cannot be read: it is damaged, or of another format than its name says.";
const COARSE = 512; // larger pictures are reduced to between this and its double, as in Python

// Each digit as grey bytes, in the order of reading, and their side. Fails with a sentence if there is none.
export async function digitsInFile(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = await opened(address);
    if (!image && !served() && EVERYWHERE.test(file.type)) throw new Error(UNREADABLE);
    if (!image) return await asked(file);
    const { data, width, height } = await pixelsOf(image);
    return digitsIn(timesAlpha(data), width, height);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// The image, of which only the header need be read by now, upright; nothing if the browser cannot read it.
async function opened(address) {
  const image = new Image();
  const there = new Promise((resolve) => {
    image.addEventListener("load", () => resolve(true), { once: true });
    image.addEventListener("error", () => resolve(false), { once: true });
  });
  image.src = address;
  if (!(await there) || !image.naturalWidth) return null;
  const pixels = image.naturalWidth * image.naturalHeight;
  if (pixels > MOST) {
    throw new Error(
      `The picture is too large: it has ${image.naturalWidth}x${image.naturalHeight} pixels. ` +
        `Up to ${MOST / 1e6} million in all work.`,
    );
  }
  return image;
}

async function pixelsOf(image) {
  const { naturalWidth, naturalHeight } = image;
  const factor = Math.max(1, Math.floor(Math.max(naturalWidth, naturalHeight) / COARSE));
  const [width, height] = [naturalWidth, naturalHeight].map((side) => Math.ceil(side / factor));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const resized = { resizeWidth: width, resizeHeight: height, resizeQuality: "high" };
  let bitmap;
  try {
    bitmap = await createImageBitmap(image, factor > 1 ? resized : {});
  } catch (cause) {
    throw new Error("The picture is damaged: it could not be read to its end. Save or upload it again.", { cause });
  }
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

// A canvas gives colours as they are without alpha. Mirrors Pillow's RGBa.
function timesAlpha(data) {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3];
    if (alpha === 255) continue;
    for (let at = i; at < i + 3; at++) {
      const product = data[at] * alpha + 128;
      data[at] = ((product >> 8) + product) >> 8;
    }
  }
  return data;
}

async function asked(file) {
  const { header, bytes } = unpack(await (await ask("live/picture", file)).arrayBuffer());
  return Array.from({ length: header.count }, () => bytes(header.width * header.height));
}
