// Pictures from outside: chosen, pasted or dropped. The server finds the digit in them.

import { ask, unpack } from "../engine/wire.js";
import { pictureAction } from "../ui/inkwell.js";

export function acceptPictures(paper, chooser, add, say) {
  async function take(file) {
    say("Reading the picture.");
    try {
      const reply = await ask("live/picture", file);
      const { header, bytes } = unpack(await reply.arrayBuffer());
      const { width, height } = header;
      add(pictureAction(bytes(width * height), width, height));
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
