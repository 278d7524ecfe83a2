// The command line that trains the same, as `Recipe.command` in the library spells it.

// `recipe` is { model, options, dataset, config }; `offer` is what the server has to choose from.
export function commandOf(recipe, offer, name) {
  const words = ["python -m vae_core train", recipe.model];
  const { options } = offer.models.find((model) => model.name === recipe.model);
  for (const [option, { default: usual }] of Object.entries(options)) {
    const value = recipe.options[option];
    if (value !== usual) words.push(`${flag(option)} ${spelt(value, usual)}`);
  }
  if (recipe.dataset !== "mnist") words.push(`--data ${recipe.dataset}`);
  for (const setting of offer.config) {
    const value = recipe.config[setting.name] ?? setting.default;
    if (same(value, setting.default)) continue;
    words.push(`${flag(setting.name)} ${Array.isArray(value) ? value.join(" ") : spelt(value, setting.default, setting.kind)}`);
  }
  return [...words, `--out ${name || recipe.model}.safetensors`].join(" ");
}

const flag = (name) => `--${name.replaceAll("_", "-")}`;

function same(one, other) {
  return Array.isArray(one) ? one.join() === (other ?? []).join() : one === other;
}

// As Python writes numbers: 1.0 and 1e-05 where the browser says 1 and 0.00001.
function spelt(value, usual, kind) {
  if (typeof value !== "number") return value;
  const fraction = kind === "float" || !Number.isInteger(usual);
  if (value !== 0 && Math.abs(value) < 1e-4) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return fraction && Number.isInteger(value) ? value.toFixed(1) : String(value);
}
