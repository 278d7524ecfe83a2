// Which of two models is smoother and which is fuller, in words made from their numbers.

/** @typedef {{ label: string, continuity?: { mean: number } | null, digits?: { random: number } | null }} Measured */

const CHANCE = 0.02; // completeness closer than this may be chance
const ALIKE = 0.05; // continuity closer than this, as a share, is the same for practical purposes

// A line for each of the two; nothing while a number is missing.
/** @type {(one: Measured, other: Measured) => string} */
export function verdict(one, other) {
  if (one.label === other.label) return "Both maps show the same model. Choose another for one of them.";
  return [smoother(one, other), fuller(one, other)].filter(Boolean).join("\n");
}

/** @type {(one: Measured, other: Measured) => string} */
function smoother(one, other) {
  if (!one.continuity || !other.continuity) return "";
  const best = one.continuity.mean <= other.continuity.mean ? one : other;
  const [low, high] = [one.continuity.mean, other.continuity.mean].sort((a, b) => a - b);
  const values = `${low.toFixed(3)} against ${high.toFixed(3)}`;
  if (high - low < ALIKE * high) return `Continuity: about the same, ${values}.`;
  return `Continuity: ${best.label} wins. One small step changes its picture less, by ${values} (less is smoother).`;
}

/** @type {(one: Measured, other: Measured) => string} */
function fuller(one, other) {
  if (!one.digits || !other.digits) return "";
  const best = one.digits.random >= other.digits.random ? one : other;
  const [less, more] = [one.digits.random, other.digits.random].sort((a, b) => a - b);
  const values = `${percent(more)} of random codes against ${percent(less)}`;
  if (more - less < CHANCE) return `Completeness: about the same, ${values}.`;
  return `Completeness: ${best.label} wins. More of its random codes are digits: ${values}.`;
}

/** @type {(share: number) => string} */
const percent = (share) => `${(100 * share).toFixed(0)} %`;
