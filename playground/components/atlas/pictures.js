// What a model draws from the codes of an atlas: asked for by number, and kept.

import { newest } from "../engine/newest.js";
import { ask, pack, unpack } from "../engine/wire.js";

const AT_ONCE = 96; // pictures in one request; a small reply is back within a frame

// Calls `arrived` when pictures have come, and `failed` with an error when they cannot.
export class Pictures {
  constructor(model, arrived, failed) {
    this.model = model;
    this.kept = new Map(); // index -> grey bytes
    this.side = 28;
    this.soon = [];
    this.later = [];
    const fetchSome = newest(async () => {
      try {
        while (await this.fetchNext());
      } catch (error) {
        this.soon = this.later = [];
        failed(error);
      }
      arrived();
    }, () => {});
    this.go = () => this.missing().length && fetchSome();
  }

  get(index) {
    return this.kept.get(index);
  }

  // Asks for the pictures under the pointer, before all others. The last call counts.
  hurry(indices) {
    this.soon = indices;
    this.go();
  }

  // Asks for pictures that are needed as well.
  want(indices) {
    this.later = indices;
    this.go();
  }

  missing() {
    return [...new Set([...this.soon, ...this.later])].filter((i) => !this.kept.has(i)).slice(0, AT_ONCE);
  }

  async fetchNext() {
    const indices = this.missing();
    if (!indices.length) return false;
    const drawn = await picturesOf({ model: this.model, indices });
    indices.forEach((index, at) => this.kept.set(index, drawn[at]));
    return true;
  }

  // One picture, now.
  async one(index) {
    if (!this.kept.has(index)) {
      const [drawn] = await picturesOf({ model: this.model, indices: [index] });
      this.kept.set(index, drawn);
    }
    return this.kept.get(index);
  }
}

// The mean of what a model draws from some codes.
export async function meanOf(model, indices) {
  return (await picturesOf({ model, indices, mean: true }))[0];
}

async function picturesOf(header) {
  const reply = await ask("live/points", pack(header, new Uint8Array()));
  const { header: { side, count }, bytes } = unpack(await reply.arrayBuffer());
  return Array.from({ length: count }, () => bytes(side * side));
}
