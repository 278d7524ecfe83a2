// What a model did to a digit, in a few words that are measured, not written.

/**
 * @typedef {{ class: number, chance: number } | null} Judged the digit that the classifier sees, and how sure it is
 * @typedef {object} Seen one reconstruction
 * @property {Uint8Array} picture
 * @property {number} psnr in dB, against the clean digit
 * @property {Judged} judged
 */

// A share of the noise from which on a reconstruction keeps it. What looks like noise to the classifier
// may look like a digit too, so this comes first. At strength 0.4 the convolutional model keeps 0.52 to
// 0.99 of it (5th and 95th percentile over the example drawings), the denoising one 0.03 to 0.08.
export const KEEPS = 0.5;
export const CLEAR = 0.5; // a chance from which on a picture counts as the digit that it is taken for

// The share of the noise that a reconstruction still has: 1 of all of it, 0 of none. It is the slope
// of what is wrong in the reconstruction over what was wrong in the input, by least squares.
/** @type {(picture: Uint8Array, clean: Uint8Array, noisy: Uint8Array) => number} */
export function keptNoise(picture, clean, noisy) {
  let [both, noise] = [0, 0];
  for (let i = 0; i < clean.length; i++) {
    const added = noisy[i] - clean[i];
    both += added * (picture[i] - clean[i]);
    noise += added * added;
  }
  return noise === 0 ? 0 : both / noise;
}

/** @type {(digit: number) => string} */
const aDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

// Of every reconstruction of one digit, by name, what is most worth saying: that the noise is still
// there, that it became another digit, or how close it is.
/** @type {(clean: Uint8Array, noisy: Uint8Array, meant: Judged, seen: Map<string, Seen>) => Map<string, string>} */
export function findings(clean, noisy, meant, seen) {
  const best = Math.max(...[...seen.values()].map(({ psnr }) => psnr));
  return new Map([...seen].map(([name, { picture, psnr, judged }]) => {
    const decibels = Number.isFinite(psnr) ? `${psnr.toFixed(1)} dB` : "no error";
    if (keptNoise(picture, clean, noisy) >= KEEPS) return [name, "keeps the noise"];
    const isDigit = meant !== null && meant.chance >= CLEAR;
    if (isDigit && judged && judged.chance < CLEAR) return [name, "draws no clear digit"];
    if (isDigit && judged && judged.class !== meant.class) return [name, `draws ${aDigit(judged.class)}`];
    if (psnr === best && seen.size > 1) return [name, `closest: ${decibels}`];
    return [name, decibels];
  }));
}
