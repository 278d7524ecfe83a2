// A map as a table: a line a digit with its number among the test digits, its class and its place.

const DIGITS = 7; // of a place, which has 16 bits

/**
 * The same map as CSV.
 * @param {{ labels: Uint8Array, place: (index: number) => number[] }} map
 */
export function table({ labels, place }) {
  const axes = ["x", "y", "z"].slice(0, place(0).length);
  const lines = Array.from(labels, (label, index) => [index, label, ...place(index).map((value) => Number(value.toPrecision(DIGITS)))]);
  return [["index", "class", ...axes], ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}
