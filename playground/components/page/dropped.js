// A checkpoint that is dropped on the page: its model is used at once.

import { takeCheckpoint } from "../state/checkpoint.js";
import { written } from "../state/fragment.js";
import { tableOf, valuesOf } from "../state/link.js";

const LONG = 6000; // ms that what is said of it stays

// Shows the model in the file beside those that are on show; `open` opens a link, and `say` shows words.
export async function showModel(file, open, say) {
  say(`Reading ${file.name}.`);
  try {
    const { name, label } = await takeCheckpoint(file);
    const { models } = await valuesOf(tableOf("reconstruct") ?? []);
    const others = (models ?? "").split(",").filter((each) => each && each !== name);
    open(written({ tab: "reconstruct", models: [...others, name].join(",") }));
    say(`${label} is here, and was sent nowhere.`, LONG);
  } catch (error) {
    say(error.message, 2 * LONG);
  }
}
