import assert from "node:assert/strict";
import { test } from "node:test";

import { firstThere } from "../../playground/components/engine/models/model.js";

const named = (name) => ({ decode: async () => name });

test("the server is asked until the model is in the page", async () => {
  let arrive;
  const model = firstThere(named("remote"), new Promise((resolve) => (arrive = resolve)));
  assert.equal(await model.decode(), "remote");
  arrive(named("local"));
  assert.equal(await model.ready, true);
  assert.equal(await model.decode(), "local");
});

test("a model whose layers are unknown stays with the server", async () => {
  for (const local of [Promise.reject(new Error("The engine knows no layer called 'embedding'.")), Promise.resolve(null)]) {
    const model = firstThere(named("remote"), local);
    assert.equal(await model.ready, false);
    assert.equal(await model.decode(), "remote");
  }
});
