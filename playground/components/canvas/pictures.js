// Pictures from outside: chosen, pasted or dropped. The server finds the digit in them.

import { ask, unpack } from "../page/wire.js";

const ENOUGH = 400; // pixels along the enlarged picture
const STEEP = 8; // how much steeper its edges are made

export function acceptPictures(paper, chooser, add, say) {
  async function take(file) {
    say("Reading the picture.");
    try {
      const reply = await ask("live/picture", file);
      add({ tool: "picture", bitmap: bitmap(await reply.arrayBuffer()) });
      say("This is the digit found in your picture. You can draw on it.");
    } catch (error) {
      say(error.message);
    }
  }

  chooser.addEventListener("change", () => {
    if (chooser.files.length) take(chooser.files[0]);
    chooser.value = ""; // so that the same file can be chosen again
  });

  document.addEventListener("paste", (event) => {
    const file = firstFile(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    take(file);
  });

  for (const kind of ["dragenter", "dragover"]) {
    paper.addEventListener(kind, (event) => {
      event.preventDefault();
      paper.classList.add("dropping");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    paper.addEventListener(kind, () => paper.classList.remove("dropping"));
  }
  paper.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = firstFile(event.dataTransfer);
    if (file) take(file);
    else say("Only picture files can be dropped here.");
  });
}

function firstFile(transfer) {
  return transfer?.files?.[0] ?? null;
}

// The digit as ink with smooth edges: enlarged, then each edge made as steep as a pen's.
function bitmap(reply) {
  const { header, bytes } = unpack(reply);
  const { width, height } = header;
  const small = surface(width, height);
  const grey = bytes(width * height);
  const pixels = new ImageData(width, height);
  grey.forEach((value, i) => pixels.data.set([255, 255, 255, value], 4 * i));
  small.putImageData(pixels, 0, 0);
  const large = enlarge(small);
  const picture = large.getImageData(0, 0, large.canvas.width, large.canvas.height);
  for (let i = 3; i < picture.data.length; i += 4) {
    picture.data[i] = 255 * Math.min(1, Math.max(0, (picture.data[i] / 255 - 0.5) * STEEP + 0.5));
  }
  large.putImageData(picture, 0, 0);
  return large.canvas;
}

// Doubling several times is smoother than enlarging in one go.
function enlarge(context) {
  const { canvas } = context;
  if (canvas.width >= ENOUGH) return context;
  const doubled = surface(2 * canvas.width, 2 * canvas.height);
  doubled.drawImage(canvas, 0, 0, doubled.canvas.width, doubled.canvas.height);
  return enlarge(doubled);
}

function surface(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext("2d");
}
