import assert from "node:assert/strict";
import { test } from "node:test";

import { Fragment, contribute, contributed, contribution, rounded, written } from "../../playground/components/state/link.js";

test("values are written without those that are null, and come back", () => {
  const text = written({ v: 1, models: "vae-20,a&b", z: null, seed: undefined, at: rounded(-0.123456789) });
  assert.equal(text, "v=1&models=vae-20,a%26b&at=-0.123457");
  const link = new Fragment(`#${text}`);
  assert.deepEqual(link.names("models", ["a&b", "vae-20"]), ["vae-20", "a&b"]);
  assert.equal(link.number("at", -1, 1), -0.123457);
  assert.equal(link.number("z", 0, 1), null);
  link.rest();
  assert.deepEqual(link.complaints, ["The page does not know what “v” means in a link."]);
});

for (const text of ["a", "", "0", "3", "NaN", "1e999", "Infinity", "1,2,3", " ", "2.5"]) {
  test(`what is no whole number from 1 to 2 is refused: “${text}”`, () => {
    const link = new Fragment(`n=${encodeURIComponent(text)}`);
    assert.equal(link.number("n", 1, 2, true), null);
    assert.equal(link.complaints.length, 1);
    assert.match(link.complaints[0], /n should be a whole number from 1 to 2/);
  });
}

test("of names the known ones are used, up to the most, and the others are named", () => {
  const link = new Fragment("models=a,x,b,c");
  assert.deepEqual(link.names("models", ["a", "b", "c"], 2), ["a", "b"]);
  assert.deepEqual(link.complaints, ["Not found here: “x”.", "models can be 2 at most."]);
  assert.deepEqual(new Fragment("models=").names("models", ["a"]), []);
  assert.equal(new Fragment("models=x").names("models", ["a"]), null);
});

test("a complaint repeats little of what a link says, and no more of it is read than can be meant", () => {
  const link = new Fragment(`tab=${"x".repeat(30_000)}`);
  assert.equal(link.choice("tab", ["map"]), null);
  assert.match(link.complaints[0], /longer than 24000/);
  assert.equal(link.complaints[1], `tab cannot be “${"x".repeat(32)}…”.`);
});

test("a part of the page can be waited for before it has come", async () => {
  const part = { read: () => ({}), apply() {} };
  assert.equal(contributed("late"), undefined);
  const waiting = [contribution("late"), contribution("late")];
  contribute("late", part);
  assert.deepEqual(await Promise.all(waiting), [part, part]);
  assert.equal(await contribution("late"), part);
  assert.equal(contributed("late"), part);
});
