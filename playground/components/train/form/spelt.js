// Changes of a form as a link writes them, "epochs:5,noise:gaussian", and back.

/** @type {(text: string) => string} */
const without = (text) => text.replaceAll("%", "%25").replaceAll(",", "%2C"); // a path may have commas

/** @type {(text: string) => string} */
const withAll = (text) => text.replaceAll("%2C", ",").replaceAll("%25", "%");

/** @type {(changes: { [name: string]: unknown }) => string | null} */
export function spelt(changes) {
  const pairs = Object.entries(changes).map(([name, value]) => `${name}:${without(Array.isArray(value) ? value.join(" ") : String(value))}`);
  return pairs.join() || null;
}

/** @type {(text: string) => [name: string, value: string][]} */
export function readSpelt(text) {
  return text.split(",").filter(Boolean).map((pair) => {
    const [name] = pair.split(":", 1);
    return [name, withAll(pair.slice(name.length + 1))];
  });
}
