// Copies a link to what is on show.

import { linkToThis } from "./address.js";

const SHORT = "This drawing is too long for a link: the link has it as the models see it.";
const LONG = 2500; // ms that a word of success stays

// `field` holds the link where a page may not write to the clipboard, and `button` has the focus after
// that; `say` shows words. Gives a function that copies.
export function copier(button, field, say) {
  async function copy() {
    const { link, whole } = await linkToThis();
    try {
      await navigator.clipboard.writeText(link);
      say(whole ? "Copied" : `Copied. ${SHORT}`, whole ? LONG : 2 * LONG);
    } catch {
      // Browsers keep the clipboard to themselves on pages that did not come by HTTPS.
      field.hidden = false;
      field.value = link;
      field.focus();
      field.select();
      say("Press Ctrl+C to copy the link.");
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
