// Makes kernel.wasm of kernel.wat: `npm run kernel`.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import wabt from "wabt";

const at = (name) => fileURLToPath(new URL(`../../playground/components/engine/kernel/${name}`, import.meta.url));

export const WASM = at("kernel.wasm");

export async function build() {
  const text = readFileSync(at("kernel.wat"), "utf8");
  const module = (await wabt()).parseWat("kernel.wat", text, { simd: true });
  module.validate();
  return Buffer.from(module.toBinary({}).buffer);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(WASM, await build());
