import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { pack, unpack } from "../../playground/components/engine/bytes.js";
import { digit, drawnDigit, input, noisyDigit, pending, trouble, views, want } from "../../playground/components/state/input.js";
import { keep, keepBrought, brought, recall, watched } from "../../playground/components/state/memory.js";
import { onModels, runsChanged } from "../../playground/components/state/models.js";
import { batch, computed, onFrame, signal, watch } from "../../playground/components/state/signals.js";

const reported = [];
globalThis.document = { querySelector: () => null }; // which names no version of the facts
globalThis.reportError = (error) => reported.push(error.message);

beforeEach(() => (reported.length = 0));

const broken = () => {
  throw new Error("broken");
};

// Frames come when the test says so.
let frames = [];
globalThis.requestAnimationFrame = (callback) => frames.push(callback);

function frame() {
  const due = frames;
  frames = [];
  for (const callback of due) callback();
}

// Frames, and what comes over the network, until something holds.
async function until(holds) {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 100, "waited in vain");
    frame();
    await new Promise((resolve) => setTimeout(resolve));
  }
}

test("one watcher who throws keeps no other from hearing, at once or in a frame", () => {
  const life = new AbortController();
  const heard = [];
  const count = signal(0);
  watch(() => count.value, broken, life.signal);
  watch(() => count.value, (value) => heard.push(value), life.signal);
  onFrame(() => count.value, broken, life.signal);
  onFrame(() => count.value, (value) => heard.push(`frame ${value}`), life.signal);
  count.value = 1;
  frame();
  assert.deepEqual(heard, [0, 1, "frame 1"]);
  assert.deepEqual(reported, ["broken", "broken", "broken"]);
  life.abort();
});

test("a frame hears once of all that happened before it, and of nothing that did not change", () => {
  const life = new AbortController();
  const [one, other] = [signal(1), signal(1)];
  const heard = [];
  onFrame(() => one.value * other.value, (product) => heard.push(product), life.signal);
  frame();
  assert.deepEqual(heard, []); // nothing has changed yet
  one.value = 2;
  other.value = 3;
  one.value = 4;
  frame();
  batch(() => {
    one.value = 3;
    other.value = 4;
  });
  frame();
  assert.deepEqual(heard, [12]);
  life.abort();
});

test("what is derived twice from one value changes once", () => {
  const life = new AbortController();
  const side = signal(1);
  const [area, edge] = [computed(() => side.value ** 2), computed(() => 4 * side.value)];
  const heard = [];
  watch(() => `${area.value} ${edge.value}`, (words) => heard.push(words), life.signal);
  side.value = 3;
  assert.deepEqual(heard, ["1 4", "9 12"]);
  life.abort();
});

test("who has left hears nothing more, and nobody joins after leaving", () => {
  const [life, other] = [new AbortController(), new AbortController()];
  const word = signal("a");
  const heard = [];
  watch(() => word.value, (now) => heard.push(`one ${now}`), life.signal);
  watch(() => word.value, (now) => heard.push(`other ${now}`), other.signal);
  onFrame(() => word.value, (now) => heard.push(`frame ${now}`), life.signal);
  word.value = "b";
  life.abort();
  frame();
  word.value = "c";
  watch(() => word.value, (now) => heard.push(`late ${now}`), life.signal);
  assert.deepEqual(heard, ["one a", "other a", "one b", "other b", "other c"]);
});

test("a callback may read and change what it does not watch", () => {
  const life = new AbortController();
  const [watched_, beside] = [signal(0), signal(0)];
  let runs = 0;
  watch(() => watched_.value, () => {
    runs++;
    beside.value = beside.value + 1;
  }, life.signal);
  beside.value = 10;
  assert.equal(runs, 1);
  life.abort();
});

// The server's answer for a drawing: its digit, the noisy one, and a picture for each model.
function answered(asked) {
  const models = asked.models.map((name) => ({ name, code: 1, psnr: 10, mse: 0.1, active: 1, cloud: false }));
  const header = { side: 1, noisy: { psnr: 20, mse: 0.01 }, models };
  const pictures = [asked.ink, asked.ink + 1, ...models.map((_, i) => 10 * i)];
  return new Response(pack(header, Uint8Array.from([...pictures, ...models.flatMap(() => [0, 0, 0, 0])])));
}

const sketch = (byte) => ({ width: 1, height: 1, bytes: Uint8Array.of(byte) });

// A server that notes what it is asked; `reply` may be replaced.
function server() {
  const made = { asked: [], reply: answered };
  globalThis.fetch = async (_, { body }) => {
    const { header, bytes } = unpack(body.buffer);
    const asked = { ...header, ink: bytes(1)[0] };
    made.asked.push(asked);
    return made.reply(asked);
  };
  return made;
}

test("from the ink follow the digit, the noisy digit, and views of the models that are wanted", async () => {
  const { asked } = server();
  const asker = {};
  want(asker, ["a", "b"]);
  assert.equal(pending.value, false); // nothing is drawn
  input.ink.value = sketch(7);
  assert.equal(pending.value, true); // known at once, though nothing is asked before the next frame
  assert.equal(asked.length, 0);
  await until(() => !pending.value);
  assert.deepEqual([...digit.value], [7]);
  assert.deepEqual([...noisyDigit.value.picture], [8]);
  assert.deepEqual([...views.value.keys()], ["a", "b"]);
  assert.deepEqual([...views.value.get("b").picture], [10]);
  want({}, ["b"]); // is there already
  assert.equal(pending.value, false);
  input.noise.value = { ...input.noise.value, strength: 0.5 };
  await until(() => !pending.value);
  assert.deepEqual(asked.map(({ noise }) => noise.strength), [0, 0.5]);
  input.ink.value = null;
  assert.deepEqual([digit.value, noisyDigit.value, views.value.size], [null, null, 0]);
  frame();
});

test("of one drawing the server is asked once, and not at all where nobody wants it", async () => {
  const { asked } = server();
  input.ink.value = sketch(3);
  const [one, other] = await withFrames(Promise.all([drawnDigit(), drawnDigit()]));
  assert.deepEqual([[...one.clean], [...other.noisy]], [[3], [4]]);
  assert.equal(asked.length, 1);
  input.ink.value = null;
  assert.equal(await drawnDigit(), null);
});

test("a refusal is told in its sentence, and who asks later asks again", async () => {
  const made = server();
  made.reply = () => new Response('{"error": "No."}', { status: 400 });
  input.ink.value = sketch(5);
  await assert.rejects(withFrames(drawnDigit()), /^Error: No\.$/);
  assert.equal(trouble.value, "No.");
  made.reply = answered;
  assert.deepEqual([...(await withFrames(drawnDigit())).clean], [5]);
  assert.equal(trouble.value, "");
});

async function withFrames(promise) {
  let done = false;
  promise.then(() => (done = true), () => (done = true));
  await until(() => done);
  return promise;
}

test("models are told again when a run changes, though who heard them first threw", async () => {
  let runs = [];
  globalThis.localStorage = { getItem: (key) => (key === "train-owner" ? "me" : null), setItem() {} };
  globalThis.fetch = async (path) => Response.json(path.endsWith("/about") ? { models: [{ name: "vae" }] } : { models: runs });
  const life = new AbortController();
  const heard = [];
  let resolve;
  const next = () => new Promise((done) => (resolve = done));
  let told = next();
  onModels(broken, life.signal);
  onModels((models) => resolve(heard.push(models.map(({ name }) => name))), life.signal);
  await told;
  told = next();
  runs = [{ name: "mine", run: "1" }];
  runsChanged();
  await told;
  assert.deepEqual(heard, [["vae"], ["vae", "mine"]]);
  assert.deepEqual(reported, ["broken", "broken"]);
  life.abort();
});

test("what a browser does not keep is remembered until the page is closed", () => {
  globalThis.localStorage = { getItem: broken, setItem: broken };
  keep("theme", "dark");
  assert.equal(recall("theme"), "dark");
  assert.equal(recall("unknown"), null);
});

test("what somebody else wrote into the storage is not trusted", () => {
  for (const found of ["{", "7", '{"a": 1}', '[{"name": 1}, null]']) {
    globalThis.localStorage = { getItem: () => found, setItem() {} };
    assert.deepEqual(brought(), []);
    assert.deepEqual(watched(), []);
  }
});

test("a data set that is brought again is remembered once, as the newest", () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, words) => kept.set(key, words) };
  keepBrought({ name: "a", label: "A", images: 1 });
  keepBrought({ name: "b", label: "B", images: 2 });
  keepBrought({ name: "a", label: "A", images: 3 });
  assert.deepEqual(brought().map(({ name, images }) => [name, images]), [["b", 2], ["a", 3]]);
});
