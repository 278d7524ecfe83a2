// The layers of a model as a figure shows them: what has weights, with what only reshapes and bends
// after it. See vae_core/interpret/activations.py.

import { sizeOf } from "../numbers/float32.js";

/**
 * @typedef {import("../kernel/program.js").Plain} Plain
 * @typedef {import("./safetensors.js").Weights} Weights
 * @typedef {{ part: "encoder" | "code" | "decoder" | "picture", kind: string, shape: number[], weights: number, program: "encode" | "decode", sums: number, value: number }} Stage
 * sums and value are values of the program: what its units add up, and what they put out
 */

/** @type {Record<string, string>} */
const KINDS = { linear: "fully connected", conv: "convolution", conv_transpose: "transposed convolution" };

// From the encoder through the latents and the decoder to the picture.
/** @type {(layers: { encode: Plain, decode: Plain, levels?: number[] }, weights: Weights) => Stage[]} */
export function stagesOf({ encode, decode, levels }, weights) {
  const [inner, outer] = [grouped(encode, "encoder", weights), grouped(decode, "decoder", weights)];
  const stages = [
    ...inner.map((each) => ({ ...each, program: /** @type {const} */ ("encode"), part: /** @type {const} */ ("encoder") })),
    ...outer.map((each) => ({ ...each, program: /** @type {const} */ ("decode"), part: /** @type {const} */ ("decoder") })),
  ];
  const [latents, picture] = [stages[inner.length - 1], stages[stages.length - 1]];
  Object.assign(latents, { part: "code", value: encode.outputs.mean });
  if (levels) latents.sums = encode.outputs.mean; // they come of several layers
  Object.assign(picture, { part: "picture", value: decode.outputs.pixels });
  return stages.map((each) => ({ ...each, shape: shapeOf(each.program === "encode" ? encode : decode, each.value) }));
}

/** @type {(plain: Plain, value: number) => number[]} */
const shapeOf = (plain, value) => (value === 0 ? plain.input : plain.operations[value - 1].shape);

/** @type {(plain: Plain, network: string, weights: Weights) => { kind: string, weights: number, sums: number, value: number }[]} */
function grouped({ operations }, network, weights) {
  /** @type {{ module: string, kind: string, names: Set<string>, sums: number, value: number }[]} */
  const found = [];
  const own = operations.filter(({ module }) => module === network || module.startsWith(`${network}.`));
  const heavy = new Set(own.filter(({ weight }) => weight).map(({ module }) => module));
  let open = false; // whether what comes next still belongs to the last layer
  for (const operation of own) {
    const [value, last] = [operations.indexOf(operation) + 1, found[found.length - 1]];
    const names = [operation.weight, operation.bias].filter((name) => typeof name === "string");
    if (heavy.has(operation.module)) {
      if (last?.module === operation.module) {
        names.forEach((name) => last.names.add(name));
        const kind = last.kind === "layer" ? KINDS[operation.kind] ?? "layer" : last.kind;
        Object.assign(last, { sums: value, value, kind: operation.kind === "add" ? "residual block" : kind });
      } else {
        found.push({ module: operation.module, kind: KINDS[operation.kind] ?? "layer", names: new Set(names), sums: value, value });
      }
      open = true;
    } else if (last && open) {
      // The units of a convolution stay on their maps until they are laid out in a row.
      open = !(operation.kind === "reshape" && operation.shape.length === 1);
      if (open) last.value = value;
    }
  }
  return found.map(({ kind, names, sums, value }) => (
    { kind, weights: [...names].reduce((sum, name) => sum + sizeOf(weights.shape(name)), 0), sums, value }
  ));
}
