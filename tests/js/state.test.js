import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { input, listen, update } from "../../playground/components/state/input.js";
import { Listeners } from "../../playground/components/state/listeners.js";
import { keep, keepBrought, brought, recall, watched } from "../../playground/components/state/memory.js";
import { onModels, runsChanged } from "../../playground/components/state/models.js";

const reported = [];
globalThis.reportError = (error) => reported.push(error.message);

beforeEach(() => (reported.length = 0));

const broken = () => {
  throw new Error("broken");
};

test("one listener who throws keeps no other from hearing", () => {
  const life = new AbortController();
  const heard = [];
  listen(broken, life.signal);
  listen((state, changes) => heard.push([state.drawing, changes]), life.signal);
  update({ drawing: true });
  update({ drawing: false });
  assert.deepEqual(heard, [[true, { drawing: true }], [false, { drawing: false }]]);
  assert.deepEqual(reported, ["broken", "broken"]);
  assert.equal(input.drawing, false);
  life.abort();
});

test("who has left hears nothing more, and nobody joins after leaving", () => {
  const listeners = new Listeners();
  const [life, other] = [new AbortController(), new AbortController()];
  const heard = [];
  listeners.add((word) => heard.push(`one ${word}`), life.signal);
  listeners.add((word) => heard.push(`other ${word}`), other.signal);
  listeners.tell("a");
  life.abort();
  listeners.tell("b");
  listeners.add((word) => heard.push(`late ${word}`), life.signal);
  listeners.tell("c");
  assert.deepEqual(heard, ["one a", "other a", "other b", "other c"]);
  assert.equal(listeners.size, 1);
});

test("models are told again when a run changes, though who heard them first threw", async () => {
  let runs = [];
  globalThis.localStorage = { getItem: (key) => (key === "train-owner" ? "me" : null), setItem() {} };
  globalThis.fetch = async (path) => Response.json(path === "live/about" ? { models: [{ name: "vae" }] } : { models: runs });
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
