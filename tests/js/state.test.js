import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { toDigit } from "../../playground/components/engine/data/digit.js";
import { pack, unpack } from "../../playground/components/engine/wire.js";
import { asked as askedAt, digit, drawnDigit, input, noisyDigit, pending, trouble, views, want } from "../../playground/components/state/input.js";
import { brought, keep, keepBrought, recall, watched } from "../../playground/components/state/memory.js";
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

// A server whose models have two latents and draw every pixel alike: as bright as its first latent.
// It notes what it is asked, and has no weights to give away, so that the models stay with it.
function server() {
  const made = { asked: [], broken: false };
  globalThis.fetch = async (path, options = {}) => {
    if (path.startsWith("weights")) return Response.json({ models: [] });
    if (made.broken) return new Response('{"error": "No."}', { status: 400 });
    const { header: { model, count }, bytes } = unpack(options.body.buffer);
    const [question] = path.split("-").slice(-1);
    made.asked.push(`${model} ${question}`);
    const size = question === "encode" ? 784 : 2;
    const numbers = new Float32Array(bytes(4 * size * count).buffer);
    const reply = question === "encode" ? Float32Array.of(Math.max(...numbers), 0.5) : new Float32Array(784).fill(numbers[0]);
    return new Response(pack({ gaussian: false }, new Uint8Array(reply.buffer)));
  };
  return made;
}

const SIDE = 100;

// A bar, so thick.
function sketch(width) {
  const bytes = new Uint8Array(SIDE * SIDE);
  for (let y = 20; y < 80; y++) bytes.fill(255, y * SIDE + 40, y * SIDE + 40 + width);
  return { width: SIDE, height: SIDE, bytes };
}

test("from the ink follow the digit, the noisy digit, and views of the models that are wanted", async () => {
  const { asked } = server();
  const who = {};
  want(who, ["a", "b"]);
  assert.equal(pending.value, false); // nothing is drawn
  input.ink.value = sketch(12);
  assert.deepEqual(digit.value, toDigit(sketch(12))); // at once
  assert.equal(pending.value, true);
  assert.deepEqual(asked, ["a encode", "b encode"]); // before the next frame
  await until(() => !pending.value);
  assert.deepEqual(asked.toSorted(), ["a decode", "a encode", "b decode", "b encode"]);
  assert.deepEqual([...views.value.keys()].toSorted(), ["a", "b"]);
  const { picture, code, clean, psnr } = views.value.get("b");
  assert.deepEqual([picture.every((grey) => grey === 255), code[1], clean], [true, 0.5, digit.value]);
  assert.ok(psnr > 0 && psnr < 5);
  want({}, ["b"]); // is there already
  assert.equal(pending.value, false);
  input.noise.value = { ...input.noise.value, strength: 0.5 };
  assert.notDeepEqual(noisyDigit.value.picture, digit.value);
  await until(() => !pending.value);
  assert.equal(asked.length, 8);
  input.ink.value = null;
  assert.deepEqual([digit.value, noisyDigit.value, views.value.size], [null, null, 0]);
  want(who, null);
  frame();
});

test("what all have answered counts though the pen has moved on since", async () => {
  server();
  const who = {};
  const life = new AbortController();
  const times = [];
  want(who, ["d", "e"]);
  watch(() => askedAt.value, (time) => times.push(time), life.signal);
  input.ink.value = sketch(10);
  input.ink.value = sketch(20); // asked when the one before is answered
  await until(() => !pending.value);
  assert.equal(times.length, 3);
  assert.equal(times[0], -Infinity); // nobody had answered yet
  assert.ok(times[1] < times[2]);
  life.abort();
  want(who, null);
  input.ink.value = null;
});

test("the drawing is there for whoever asks, without a server", async () => {
  globalThis.fetch = () => assert.fail("a server was asked");
  input.noise.value = { kind: "gaussian", strength: 0, seed: 1 };
  input.ink.value = sketch(9);
  const { clean, noisy } = await drawnDigit();
  assert.deepEqual([clean, noisy], [toDigit(sketch(9)), toDigit(sketch(9))]);
  input.ink.value = null;
  assert.equal(await drawnDigit(), null);
});

test("of a model that does not answer the page says why, the others are shown, and it is asked again", async () => {
  const made = server();
  const who = {};
  input.ink.value = sketch(15);
  await until(() => !pending.value);
  made.broken = true;
  want(who, ["c"]);
  await until(() => !pending.value);
  assert.equal(trouble.value, "No.");
  assert.equal(views.value.has("b"), true);
  made.broken = false;
  want({}, ["c", "b"]);
  await until(() => !pending.value && views.value.has("c"));
  assert.equal(trouble.value, "");
});

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
