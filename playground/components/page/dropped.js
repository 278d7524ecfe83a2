// A checkpoint that is dropped on the page: its model is used at once.

import { written } from "../state/fragment.js";
import { tableOf, valuesOf } from "../state/link.js";

const LONG = 6000; // ms that what is said of it stays

// `open` opens a link, and `say` shows words.
export function takeCheckpoints(open, say, signal) {
  onCheckpoint((file) => showModel(file, open, say), signal);
}

// Shows the model in the file beside those that are on show.
async function showModel(file, open, say) {
  say(`Reading ${file.name}.`);
  try {
    const { takeCheckpoint } = await import("../state/checkpoint.js");
    const { name, label } = await takeCheckpoint(file);
    const { models } = await valuesOf(tableOf("reconstruct") ?? []);
    const others = (models ?? "").split(",").filter((each) => each && each !== name);
    open(written({ tab: "reconstruct", models: [...others, name].join(",") }));
    say(`${label} is here, and was sent nowhere.`, LONG);
  } catch (error) {
    say(error.message, 2 * LONG);
  }
}

// Calls back with a checkpoint that is dropped anywhere, or chosen in a field for one. Pictures are the canvas's.
function onCheckpoint(take, signal) {
  const named = (files) => [...(files ?? [])].find(({ name }) => name.toLowerCase().endsWith(".safetensors"));
  // While a file is over the page its name is not told, but a picture's type would be.
  const unknown = ({ items }) => [...items].some(({ kind, type }) => kind === "file" && type === "");

  document.addEventListener("dragover", (event) => unknown(event.dataTransfer) && event.preventDefault(), { signal });
  document.addEventListener("drop", (event) => {
    const file = named(event.dataTransfer.files);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    document.querySelector(".dropping")?.classList.remove("dropping");
    take(file);
  }, { capture: true, signal });
  document.addEventListener("change", ({ target }) => {
    const file = target.matches("[data-takes=checkpoint]") && named(target.files);
    if (file) take(file);
  }, { signal });
}
