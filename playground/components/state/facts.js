// Facts: what does not depend on the visitor, at addresses that change with what they say.

import { ask } from "../engine/wire.js";

// The fact called `name`, of what it is `about`. That of a model which may learn more is told at
// the model's own `version`.
/** @type {(name: string, about?: string[], version?: string) => Promise<Response>} */
export function fact(name, about = [], version = ofPage()) {
  return ask(["facts", version, name, ...about.map(encodeURIComponent)].join("/"));
}

/** @type {() => string} */
function ofPage() {
  const named = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=facts]"));
  return named?.content ?? "";
}
