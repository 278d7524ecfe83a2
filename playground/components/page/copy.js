// Copies a link to what is on show, or a frame with it.

import { frameOfThis, linkToThis } from "./address.js";

const SHORT = "This drawing is too long for a link: the link has it as the models see it.";
const LONG = 2500; // ms that a word of success stays

const KINDS = {
  link: { find: linkToThis, label: "Link to what is on show" },
  frame: { find: frameOfThis, label: "Frame with what is on show" },
};

// `field` holds the words where a page may not write to the clipboard, and the button that was pressed
// has the focus after that; `say` shows words. Gives a function that copies a "link" or a "frame".
export function copier(field, say) {
  let button = null;

  async function copy(kind, pressed) {
    button = pressed;
    const { words, whole } = await KINDS[kind].find();
    try {
      await navigator.clipboard.writeText(words);
      say(whole ? "Copied" : `Copied. ${SHORT}`, whole ? LONG : 2 * LONG);
    } catch {
      // Browsers keep the clipboard to themselves on pages that did not come by HTTPS.
      field.hidden = false;
      field.ariaLabel = KINDS[kind].label;
      field.value = words;
      field.focus();
      field.select();
      say("Press Ctrl+C to copy it.");
    }
  }

  field.addEventListener("copy", () => setTimeout(() => {
    field.hidden = true;
    button.focus();
    say("Copied", LONG);
  }));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    field.hidden = true;
    button.focus();
    say("");
  });

  return copy;
}
