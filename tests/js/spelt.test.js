// Changes of the form of Train in a link.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readSpelt, spelt } from "../../playground/components/train/form/spelt.js";

test("what is spelt is read again, whatever stands in it", () => {
  for (const changes of [
    { epochs: "5", noise: "gaussian" },
    { dataset: "/pictures/one, two:three/50%,%2C" },
  ]) {
    assert.deepEqual(Object.fromEntries(readSpelt(spelt(changes) ?? "")), changes);
  }
  assert.equal(spelt({ noise: ["blur", "square"], epochs: 7 }), "noise:blur square,epochs:7");
});

test("no change is nothing to say", () => {
  assert.equal(spelt({}), null);
  assert.deepEqual(readSpelt(""), []);
});

test("a name without a value is read as one", () => {
  assert.deepEqual(readSpelt("epochs,,device:cpu"), [["epochs", ""], ["device", "cpu"]]);
});
