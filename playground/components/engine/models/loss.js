// One image of a variational model on its way to the loss, and the gradients on their way back: see
// vae_core/interpret/gradients.py, whose names these are.

/**
 * @typedef {{
 *   mean: Float32Array, logVar: Float32Array, latents: Float32Array, picture: Float32Array,
 *   distortion: number, rates: Float32Array, loss: number, gradLogits: Float32Array, gradLatents: Float32Array,
 *   gradMean: Float32Array, gradLogVar: Float32Array, rateGradMean: Float32Array, rateGradLogVar: Float32Array,
 *   sampledGradMean: Float32Array, sampledGradLogVar: Float32Array,
 * }} Trace
 */

const PIXEL_SIGMA = 0.1; // as in vae_core/models/distributions.py

/** @type {Record<string, { cost: (logit: number, drawn: number, pixel: number) => number, slope: (drawn: number, pixel: number) => number }>} */
const LIKELIHOODS = {
  bernoulli: {
    cost: (logit, _, pixel) => Math.max(logit, 0) - logit * pixel + Math.log1p(Math.exp(-Math.abs(logit))),
    slope: (drawn, pixel) => drawn - pixel,
  },
  gaussian: {
    cost: (_, drawn, pixel) => (
      0.5 * (((drawn - pixel) / PIXEL_SIGMA) ** 2 + 2 * Math.log(PIXEL_SIGMA) + Math.log(2 * Math.PI))
    ),
    slope: (drawn, pixel) => ((drawn - pixel) / PIXEL_SIGMA ** 2) * drawn * (1 - drawn),
  },
};

// `draw` gives logits and picture for latents, and `back` the gradient by them for one by the logits.
/**
 * @param {{ mean: Float32Array, logVar: Float32Array }} posterior
 * @param {{ image: Float32Array, noise: ArrayLike<number>, beta: number, likelihood: string }} question
 * @param {(latents: Float32Array) => { logits: Float32Array, picture: Float32Array }} draw
 * @param {(gradLogits: Float32Array) => Float32Array} back
 * @returns {Trace}
 */
export function traced({ mean, logVar }, { image, noise, beta, likelihood }, draw, back) {
  const { cost, slope } = LIKELIHOODS[likelihood];
  const std = logVar.map((each) => Math.exp(each / 2));
  const latents = mean.map((each, i) => each + std[i] * noise[i]);
  const rates = mean.map((each, i) => 0.5 * (each * each + Math.exp(logVar[i]) - 1 - logVar[i]));
  const { logits, picture } = draw(latents);
  const distortion = logits.reduce((sum, logit, i) => sum + cost(logit, picture[i], image[i]), 0);
  const gradLogits = picture.map((drawn, i) => slope(drawn, image[i]));
  const gradLatents = back(gradLogits);
  const rateGradMean = mean.map((each) => beta * each);
  const rateGradLogVar = logVar.map((each) => beta * 0.5 * (Math.exp(each) - 1));
  return {
    mean, logVar, latents, picture, distortion, rates, gradLogits, gradLatents, rateGradMean, rateGradLogVar,
    loss: distortion + beta * rates.reduce((sum, rate) => sum + rate, 0),
    gradMean: gradLatents.slice(),
    gradLogVar: gradLatents.map((each, i) => each * noise[i] * std[i] * 0.5),
    // No gradient leads back from a random draw, so that only the rate is left.
    sampledGradMean: rateGradMean.slice(),
    sampledGradLogVar: rateGradLogVar.slice(),
  };
}
