// Which of two models is smoother and which is fuller, in words made from their numbers.

const CHANCE = 0.02; // completeness closer than this may be chance
const ALIKE = 0.05; // continuity closer than this, as a share, is the same for practical purposes

// A line for each of the two; nothing while a number is missing.
export function verdict(one, other) {
  if (one.label === other.label) return "Both maps show the same model. Choose another for one of them.";
  return [smoother(one, other), fuller(one, other)].filter(Boolean).join("\n");
}

function smoother(one, other) {
  if (!one.continuity || !other.continuity) return "";
  const [best, worst] = one.continuity.mean <= other.continuity.mean ? [one, other] : [other, one];
  const [low, high] = [best, worst].map(({ continuity }) => continuity.mean);
  const values = `${low.toFixed(3)} against ${high.toFixed(3)}`;
  if (high - low < ALIKE * high) return `Continuity: about the same, ${values}.`;
  return `Continuity: ${best.label} wins. One small step changes its picture less, by ${values} (less is smoother).`;
}

function fuller(one, other) {
  if (!isShare(one.completeness) || !isShare(other.completeness)) return "";
  const [best, worst] = one.completeness >= other.completeness ? [one, other] : [other, one];
  const values = `${percent(best)} of random codes against ${percent(worst)}`;
  if (best.completeness - worst.completeness < CHANCE) return `Completeness: about the same, ${values}.`;
  return `Completeness: ${best.label} wins. More of its random codes are clear digits: ${values}.`;
}

const isShare = (value) => typeof value === "number";
const percent = ({ completeness }) => `${(100 * completeness).toFixed(0)} %`;
