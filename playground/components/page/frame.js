// The page in a frame of another one, whose keys it gets only once it was clicked.

import { make } from "../ui/elements.js";

const framed = window.parent !== window;

// Says so at the end of `place` while the keys go elsewhere.
export function keysNotice(place, signal) {
  if (!framed) return;
  const words = make("span", { className: "keys" }, "Click here to use the keyboard.");
  const look = () => (words.hidden = document.hasFocus());
  for (const name of ["focus", "blur", "pointerup"]) addEventListener(name, () => setTimeout(look), { signal });
  place.append(words);
  look();
}
