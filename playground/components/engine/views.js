// What the server says of one drawing, taken apart: see `reconstruct` in ../live.py.

import { unpack } from "./wire.js";

export function readViews(reply) {
  const { header, bytes, floats } = unpack(reply);
  const { side } = header;
  const clean = bytes(side * side);
  const noisy = bytes(side * side);
  const pictures = header.models.map(() => bytes(side * side));
  const views = header.models.map((model, i) => ({
    ...model,
    side,
    clean,
    noisy,
    picture: pictures[i],
    code: floats(model.code),
    cloud: model.cloud ? { mean: floats(model.code), spread: floats(model.code) } : null,
  }));
  return { side, clean, noisy: { ...header.noisy, picture: noisy }, views };
}
