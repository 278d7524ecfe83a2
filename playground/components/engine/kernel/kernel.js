// Rooms for programs: in the memory of the kernel (kernel.wat), or plain ones where a browser has no
// WASM SIMD. A room for each program, so that all of it goes when the program does.

import { plainRoom } from "./plain.js";

const PAGE = 65536; // bytes

/** @type {(module: WebAssembly.Module) => import("./program.js").Rooms} */
export const kernelRooms = (module) => (bytes) => {
  const { memory, ...kernel } = /** @type {any} */ (new WebAssembly.Instance(module).exports);
  memory.grow(Math.ceil(bytes / PAGE));
  return { memory: memory.buffer, kernel };
};

// Rooms of the kernel at this address, or plain ones.
/** @type {(address: string) => Promise<import("./program.js").Rooms>} */
export async function fastestRooms(address) {
  try {
    return kernelRooms(await WebAssembly.compileStreaming(fetch(address)));
  } catch {
    return plainRoom;
  }
}
