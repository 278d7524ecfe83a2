// A model of one layer each way, with the weights of a fixture. See tests/support/arithmetic/linear.py.

import { codeOf } from "../../playground/components/engine/latent/sampling.js";

export function linear({ size, cloud, into, into_bias: intoBias, out, out_bias: outBias }) {
  const pixels = outBias.length;

  async function decodeLogits(latents) {
    return through(latents, size, out, outBias);
  }

  return {
    async encode(images) {
      const rows = through(images, pixels, into, intoBias);
      if (!cloud) return { mean: rows, logVar: null };
      const half = (from) => rows.filter((_, i) => Math.floor((i % (2 * size)) / size) === from);
      return { mean: half(0), logVar: half(1).map((value) => Math.max(-20, Math.min(value, 20))) };
    },
    decodeLogits,
    async reconstruct(image, seed) {
      const posterior = await this.encode(image);
      const code = codeOf(posterior, seed);
      return { ...posterior, code, drawn: await this.decode(code) };
    },
    async decode(latents) {
      return (await decodeLogits(latents)).map((value) => 1 / (1 + Math.exp(-value)));
    },
  };
}

function through(rows, size, weight, bias) {
  return new Float32Array((rows.length / size) * bias.length).map((_, at) => {
    const [row, i] = [Math.floor(at / bias.length), at % bias.length];
    let sum = bias[i];
    for (let j = 0; j < size; j++) sum += rows[row * size + j] * weight[i * size + j];
    return sum;
  });
}
