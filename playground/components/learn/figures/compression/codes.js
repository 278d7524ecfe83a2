// One picture through codes of every size, and as files.

import { dequantise, quantise } from "../../../engine/evaluation/quantise.js";
import { mse } from "../../../engine/evaluation/reconstruction.js";
import { toBytes, toFloats } from "../../../engine/numbers/float32.js";
import { ask, pack, unpack } from "../../../engine/wire.js";
import { coder } from "../../../state/coders.js";

const SIDE = 28;

export const psnr = (squared) => -10 * Math.log10(squared);

// What comes back of a picture of bytes from a code of `numbers[at]` numbers, by each kind of model; a
// number of it is a "float", or a "byte", a step of 256 within the span of the training images. `kinds`
// and `numbers` are those of the fact "compression".
export function coded({ kinds, numbers }, picture, format, at, priority) {
  const image = toFloats(picture);
  return Promise.all(kinds.map(async ({ models, spans }) => {
    const model = coder(`experiments/${models[at]}`, priority);
    await model.ready; // the server knows it by no name
    const { mean } = await model.encode(image, 1);
    const code = mean.slice(0, numbers[at]);
    const [low, high] = spans[at].map((each) => Float32Array.from(each));
    const whole = new Float32Array(mean.length); // a smaller PCA is a larger one without its last numbers
    whole.set(format === "byte" ? dequantise(quantise(code, { low, high }), { low, high }) : code);
    const back = toBytes(await model.decode(whole, 1));
    return { picture: back, psnr: psnr(mse(toFloats(back), image)) };
  }));
}

// The same picture as files, which the server writes: each browser writes others.
export async function filesOf(picture, signal) {
  const reply = await ask("live/files", pack({}, picture), { asker: "files", signal });
  const { header, bytes } = unpack(await reply.arrayBuffer());
  return header.files.map((file) => ({ ...file, picture: bytes(SIDE * SIDE), psnr: psnr(file.mse) }));
}
