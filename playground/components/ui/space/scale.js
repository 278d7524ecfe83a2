// From a number of a code to a place along the pad and back: 0 is left or below, 1 right or above.

/**
 * @import { Lattice } from "../../engine/latent/planes.js"
 * @typedef {{
 *   low: number, high: number, to: (value: number) => number, from: (share: number) => number,
 *   lattice: (count: number) => Lattice,
 * }} Scale
 */

/** @type {(value: number, low: number, high: number) => number} */
const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

// Even steps from `low` to `high`.
/** @type {(low: number, high: number) => Scale} */
export function evenScale(low, high) {
  return {
    low,
    high,
    to: (value) => (value - low) / (high - low),
    from: (share) => low + clamp(share, 0, 1) * (high - low),
    lattice: (count) => {
      const half = (high - low) / count / 2;
      return { spacing: "even", low: low + half, high: high - half, count };
    },
  };
}

// Every step an equal share of a Gaussian. What lies beyond `low` and `high` is not decoded.
/** @type {(mean: number, deviation: number, low: number, high: number) => Scale} */
export function quantileScale(mean, deviation, low, high) {
  return {
    low,
    high,
    to: (value) => below((value - mean) / deviation),
    from: (share) => clamp(mean + deviation * quantile(share), low, high),
    lattice: (count) => ({ spacing: "quantiles", low: mean, high: deviation, count }),
  };
}

// The share of N(0, 1) below a value. Abramowitz & Stegun, Handbook of Mathematical Functions
// (1964), formula 26.2.17; its error is under 1e-7.
/** @type {(value: number) => number} */
export function below(value) {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const tail =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const share = (Math.exp(-0.5 * value * value) / Math.sqrt(2 * Math.PI)) * tail;
  return value > 0 ? 1 - share : share;
}

// The value below which a share of N(0, 1) lies, by halving.
/** @type {(share: number) => number} */
export function quantile(share) {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
