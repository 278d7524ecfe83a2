// KL(q || p) of a Gaussian q and the standard Gaussian p: the closed form, and what it is made of.

// In nats. Kingma & Welling, Auto-Encoding Variational Bayes (2013), appendix B.
export function kl(mean, deviation) {
  return 0.5 * (mean ** 2 + deviation ** 2 - 1) - Math.log(deviation);
}

export function density(z, mean, deviation) {
  return Math.exp(-0.5 * ((z - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
}

// q log(q / p) at z: below 0 where the prior expects z more than the posterior does.
export function integrand(z, mean, deviation) {
  const logRatio = -0.5 * ((z - mean) / deviation) ** 2 - Math.log(deviation) + 0.5 * z ** 2;
  return density(z, mean, deviation) * logRatio;
}

// The area under the integrand by Simpson's rule, over all that has any weight.
export function area(mean, deviation, steps = 2000) {
  const [low, high] = [mean - 10 * deviation, mean + 10 * deviation];
  const step = (high - low) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 ? 4 : 2;
    sum += weight * integrand(low + i * step, mean, deviation);
  }
  return (sum * step) / 3;
}
