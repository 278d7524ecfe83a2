// What goes to and fro together goes in one message.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bundled } from "../../playground/components/engine/models/model.js";

test("what is said in one go is posted as one list, and what follows as another", async () => {
  const posted = [];
  const say = bundled((list) => posted.push(list));
  say("a");
  say("b");
  assert.deepEqual(posted, []);
  await null;
  assert.deepEqual(posted, [["a", "b"]]);
  say("c");
  await null;
  assert.deepEqual(posted, [["a", "b"], ["c"]]);
});
