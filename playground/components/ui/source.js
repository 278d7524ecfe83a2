// "Show me the code": the lines of vae_core that do something, read from the source when asked for.

import { fact } from "../state/models.js";
import { make } from "./elements.js";

/** @typedef {{ name: string, file: string, line: number, html: string }} Listing */

// A fold for `code`, a list of names in vae_core, each with a note; it asks when it is opened.
/** @type {(code: { name: string, note: string }[]) => HTMLDetailsElement} */
export function codeBlock(code) {
  const fold = make("details", { className: "source" }, make("summary", {}, "Show me the code"));
  const lines = make("div", {});
  fold.append(lines);
  fold.addEventListener("toggle", async () => {
    if (!fold.open || lines.childElementCount) return;
    try {
      const listings = await Promise.all(code.map(async ({ name }) => (await fact("code", [name])).json()));
      lines.replaceChildren(...listings.map((/** @type {Listing} */ listing, /** @type {number} */ i) => block(listing, code[i].note)));
    } catch (error) {
      lines.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  return fold;
}

/** @type {(listing: Listing, note: string) => HTMLDivElement} */
function block({ name, file, line, html }, note) {
  const source = make("code");
  source.innerHTML = html; // our own source, coloured by the server
  const box = make("pre", { tabIndex: 0 }, source);
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", name);
  const where = make("p", {}, make("code", {}, `${file}:${line}`), note ? ` ${note}` : "");
  return make("div", { className: "listing" }, where, box);
}

// The code behind a tab, folded up at its foot.

/** @type {(element: HTMLElement, gradio: { props: any }) => void} */
export function mount(element, { props }) {
  element.querySelector(".behind")?.append(codeBlock(props.code));
}
