// What variational models pay for the drawing: live/costs, taken apart.

import { askOfDrawing } from "../../../state/drawing.js";
import { input } from "../../../state/input.js";

export const MODELS = [["vae-20", "Variational"], ["conv-vae-20", "Conv VAE"], ["vae-2", "Variational 2-D"]];

// { side, floor, image, models }, where each of the models has its costs, its `picture`, and the
// `rates`, `mean` and `spread` of its code; null while the canvas is empty.
export async function askCosts(models) {
  const reply = await askOfDrawing("costs", { models, noise: input.noise, sample: null }, "costs");
  if (!reply) return null;
  const { header, bytes, floats } = reply;
  const image = bytes(header.side ** 2);
  const pictures = header.models.map(() => bytes(header.side ** 2));
  const found = header.models.map((model, i) => (
    { ...model, picture: pictures[i], rates: floats(model.code), mean: floats(model.code), spread: floats(model.code) }
  ));
  return { ...header, image, models: found };
}
