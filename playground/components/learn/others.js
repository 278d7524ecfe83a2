// Drawings that are no digits, as the models see them: [{ name, grey }], asked for once.

import { ask, unpack } from "../engine/wire.js";

let found;

export function otherDrawings() {
  found ??= fetchOthers().catch((error) => {
    found = undefined; // the next caller tries again
    throw error;
  });
  return found;
}

async function fetchOthers() {
  const reply = await ask("live/others");
  const { header: { side, names }, bytes } = unpack(await reply.arrayBuffer());
  return names.map((name) => ({ name, grey: bytes(side * side) }));
}
