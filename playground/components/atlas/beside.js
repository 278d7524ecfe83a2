// What stands beside the map of a model: another model of the same digits, the raw pixels, or nothing.

export const PIXELS = "pixels";
export const NOTHING = "";

// Fills the select with what may stand beside a model, and gives what is chosen of it.
export function offerBeside(select, models, main, chosen) {
  // A run may have seen other digits, so none of them stands beside or has a shipped model beside it.
  const others = main?.run ? [] : models.filter(({ name, run, error }) => name !== main?.name && !run && !error);
  const names = [PIXELS, NOTHING, ...others.map(({ name }) => name)];
  select.replaceChildren(
    new Option("Raw pixels", PIXELS),
    ...others.map(({ name, label }) => new Option(label, name)),
    new Option("Nothing", NOTHING),
  );
  select.value = names.includes(chosen) ? chosen : PIXELS;
  return select.value;
}

// The kind of map that goes with one beside it: a code of two numbers is its own map, and all others have none
// like it.
export function bySide(other, view, models) {
  if (models.find(({ name }) => name === other)?.code <= 2) return "code";
  return view === "code" ? "tsne" : view;
}

// Where the map beside a model's has better numbers: what they compare, and what they do not.
export function wins(main, otherLabel, other) {
  const better = [
    other.trustworthiness > main.trustworthiness && `trustworthiness (${other.trustworthiness.toFixed(3)} against ${main.trustworthiness.toFixed(3)})`,
    other.kl < main.kl && `KL divergence (${other.kl.toFixed(3)} against ${main.kl.toFixed(3)})`,
  ].filter(Boolean);
  if (!better.length) return "";
  return `The map of ${otherLabel} has the better ${better.join(" and ")}, which does not make it the better code. Both numbers compare a map with what it is a map of: how well the neighbours there are kept on the page. Which code keeps the classes apart is said by “in the code”.`;
}
