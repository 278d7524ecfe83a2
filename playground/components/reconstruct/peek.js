// On a phone: the cards' pictures at the foot of the screen while the cards are out of sight.

import { mark } from "../ui/mark.js";
import { paintGrey, paintNothing } from "../ui/pixels.js";

export function peek(bar, strip) {
  let shown = [];

  new IntersectionObserver(([entry]) => {
    const below = entry.boundingClientRect.top > 0;
    bar.classList.toggle("shown", below && !entry.isIntersecting);
  }, { rootMargin: "0px 0px -160px" }).observe(strip);

  // One small picture a card, in the order of the cards.
  function arrange(cards) {
    shown = cards.map((card) => ({ card, button: thumbnail(card) }));
    bar.replaceChildren(...shown.map(({ button }) => button));
    paint();
  }

  function paint() {
    for (const { card, button } of shown) {
      const canvas = button.querySelector("canvas");
      if (card.view) paintGrey(canvas, card.view.picture, card.view.side);
      else paintNothing(canvas, 28);
    }
  }

  return { arrange, paint };
}

function thumbnail({ facts, element }) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", `Go to ${facts.label}`);
  button.append(document.createElement("canvas"), mark(facts));
  button.addEventListener("click", () => element.scrollIntoView({ block: "center" }));
  return button;
}
