import assert from "node:assert/strict";
import { test } from "node:test";

import { pack, unpack } from "../../playground/components/engine/wire.js";
import { toBase64, toBytes, toText } from "../../playground/components/state/fragment.js";

test("a message comes back as its header and its body, front to back", () => {
  const floats = new Float32Array([0.5, -3]);
  const body = new Uint8Array([7, 8, 9, ...new Uint8Array(floats.buffer)]);
  const { header, bytes, floats: read } = unpack(pack({ words: "ä–x" }, body).buffer);
  assert.deepEqual(header, { words: "ä–x" });
  assert.deepEqual([...bytes(3)], [7, 8, 9]);
  assert.deepEqual([...read(2)], [0.5, -3]);
});

for (const [name, bytes] of [
  ["many that repeat", new Uint8Array(20_000).fill(3)],
  ["few at random", Uint8Array.from([1, 200, 3, 77, 254])],
  ["none", new Uint8Array()],
]) {
  test(`bytes become words of an address and come back: ${name}`, async () => {
    const text = await toText(bytes);
    assert.match(text, /^[zr][\w-]*$/);
    assert.deepEqual(await toBytes(text, bytes.length), bytes);
  });
}

test("a text that stands for more than is wanted, or for nothing, is refused", async () => {
  const text = await toText(new Uint8Array(50_000));
  await assert.rejects(toBytes(text, 49_999), /too much/);
  await assert.rejects(toBytes(`r${toBase64(new Uint8Array(9))}`, 8), /too much/);
  await assert.rejects(toBytes("q123", 10), /neither deflated nor raw/);
  await assert.rejects(toBytes("z!!!", 10));
});
