// What each model on show did to the digit, in a few words; it follows the drawing at a distance.

import { findings } from "../engine/evaluation/findings.js";
import { newest } from "../engine/wire.js";
import { classified } from "../state/coders.js";

const APART = 120; // ms between two looks: words that change with every frame cannot be read

// Gives a function that is told the views on show; `tell` hears the words for each, by name.
export function findingsOf(tell) {
  let views = [];
  let timer = 0;
  const judge = newest(async () => {
    const looked = views;
    if (!looked.length) {
      tell(new Map());
      return;
    }
    const judged = await classified([looked[0].clean, ...looked.map(({ picture }) => picture)]);
    const of = (i) => judged && { class: judged.classes[i], chance: judged.chances[i] };
    const seen = looked.map(({ name, picture, psnr }, i) => [name, { picture, psnr, judged: of(i + 1) }]);
    tell(findings(looked[0].clean, looked[0].noisy, of(0), new Map(seen)));
  }, () => {});

  return (now) => {
    views = now;
    timer ||= setTimeout(() => {
      timer = 0;
      judge();
    }, APART);
  };
}
