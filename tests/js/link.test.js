import assert from "node:assert/strict";
import { test } from "node:test";

import { Fragment, rounded, written } from "../../playground/components/state/fragment.js";
import { apply, declare, shortened, tableFor, tableOf, valuesOf } from "../../playground/components/state/link.js";
import { signal } from "../../playground/components/state/signals.js";

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

// A table with a value of every kind, as a tab declares them.
function everyKind() {
  const state = {
    order: signal("listed"), models: signal(["a"]), on: signal(false), level: signal(0.5),
    count: signal(4), place: signal([1, -2]), axes: signal([1, 2]), words: signal("d,7.1"),
  };
  return [
    { name: "order", kind: "choice", names: ["listed", "best"], state: state.order },
    { name: "models", kind: "names", names: () => ["a", "b", "c"], most: 2, state: state.models },
    { name: "on", kind: "switch", state: state.on },
    { name: "level", kind: "number", range: [0, 1], state: state.level },
    { name: "count", kind: "whole", range: () => [1, 2 ** 31], state: state.count },
    { name: "place", kind: "numbers", count: 2, range: [-9, 9], state: state.place },
    { name: "axes", kind: "wholes", count: () => 2, range: [1, 8], state: state.axes },
    { name: "words", kind: "text", state: state.words },
  ];
}

async function opened(text, table) {
  const link = new Fragment(text);
  await apply(link, table);
  link.rest();
  return link.complaints;
}

test("what is declared is written, and comes back from what was written", async () => {
  const table = everyKind();
  const began = written(await valuesOf(table));
  assert.equal(began, "order=listed&models=a&on=0&level=0.5&count=4&place=1,-2&axes=1,2&words=d,7.1");
  const other = "order=best&models=c,b&on=1&level=0.125&count=2147483647&place=0.1,9&axes=8,1&words=x";
  assert.deepEqual(await opened(other, table), []);
  assert.equal(written(await valuesOf(table)), other);
  assert.deepEqual(await opened("", table), []);
  assert.equal(written(await valuesOf(table)), other); // what a link does not say stays as it is
});

for (const [text, sentence] of [
  ["order=worst", "order cannot be “worst”."],
  ["models=x,y", "Not found here: “x”, “y”."],
  ["on=2", "on cannot be “2”."],
  ["level=7", "level should be a number from 0 to 1, not “7”."],
  ["count=2.5", "count should be a whole number from 1 to 2147483648, not “2.5”."],
  ["place=1", "place should be 2 numbers from -9 to 9, not “1”."],
  ["axes=0,1", "axes should be 2 whole numbers from 1 to 8, not “0,1”."],
  ["what=1", "The page does not know what “what” means in a link."],
]) {
  test(`what cannot be used changes nothing and is said: ${text}`, async () => {
    const table = everyKind();
    const before = await valuesOf(table);
    assert.deepEqual(await opened(text, table), [sentence]);
    assert.deepEqual(await valuesOf(table), before);
  });
}

test("a default is left out of a link, and is what a link without it means", async () => {
  const [classes, seed] = [signal(["3"]), signal(12)];
  const table = [
    { name: "classes", kind: "names", names: ["3", "8"], default: ["3", "8"], state: classes },
    { name: "seed", kind: "whole", range: [0, 99], default: null, state: seed },
  ];
  assert.equal(written(await valuesOf(table)), "classes=3&seed=12");
  assert.deepEqual(await opened("seed=900", table), ["seed should be a whole number from 0 to 99, not “900”."]);
  assert.deepEqual([classes.value, seed.value], [["3", "8"], null]);
  assert.equal(written(await valuesOf(table)), "");
});

test("what follows hangs on the values before it, and is set after them, one by one", async () => {
  const part = signal("one");
  const size = signal(3);
  const heard = [];
  const set = (name) => async (value) => {
    await null;
    heard.push(`${name} ${value}`);
  };
  const parts = {
    one: [{ name: "a", kind: "whole", range: () => [0, size.value], get: () => Promise.resolve(1), set: set("a") }],
    two: [{ name: "b", kind: "text", get: () => null, set: (text, complain) => complain(`No ${text}.`) }],
  };
  const table = [
    { name: "size", kind: "whole", range: [0, 9], state: size },
    { name: "part", kind: "choice", names: ["one", "two"], state: part, then: async () => parts[part.value] },
    { name: "last", kind: "text", set: set("last") },
  ];
  assert.equal(written(await valuesOf(table)), "size=3&part=one&a=1");
  assert.deepEqual(await opened("last=x&a=7&size=8", table), []);
  assert.deepEqual(heard, ["a 7", "last x"]);
  assert.deepEqual(await opened("part=two&b=z&a=1", table), ["No z.", "The page does not know what “a” means in a link."]);
  assert.equal(written(await valuesOf(table)), "size=8&part=two");
});

test("a link that another has overtaken changes nothing more", async () => {
  const [first, second] = [signal(0), signal(0)];
  const table = [
    { name: "first", kind: "whole", range: [0, 9], state: first },
    { name: "second", kind: "whole", range: [0, 9], state: second },
  ];
  await apply(new Fragment("first=1&second=1"), table, () => first.value === 0);
  assert.deepEqual([first.value, second.value], [1, 0]);
});

test("a script's table is found by its folder, and can be waited for before it has come", async () => {
  const table = everyKind();
  assert.equal(tableOf("late"), null);
  const waiting = [tableFor("late"), tableFor("late/late")];
  declare("later/later");
  declare("late/late", table);
  assert.deepEqual(await Promise.all(waiting), [table, table]);
  assert.equal(tableOf("late"), table);
  assert.deepEqual(await tableFor("later"), []); // a tab that declares nothing is fine
});

test("a part that is still to come has nothing to say yet, and keeps nothing waiting", async () => {
  const part = { name: "part", kind: "text", get: () => "figure" };
  const never = new Promise(() => {});
  assert.deepEqual(await valuesOf([{ ...part, then: () => never }]), { part: "figure" });
  const there = Promise.resolve([{ name: "size", kind: "text", get: () => "8" }]);
  assert.deepEqual(await valuesOf([{ ...part, then: () => there }]), { part: "figure", size: "8" });
});

test("a value that is too long for an address is said shorter, if it can be", async () => {
  const table = [{ name: "ink", kind: "text", short: async () => "short" }, { name: "from", kind: "text" }];
  const long = "x".repeat(6001);
  assert.deepEqual(await shortened({ ink: long, from: long }, table), { ink: "short", from: long });
  assert.deepEqual(await shortened({ ink: "x", from: null }, table), { ink: "x", from: null });
});
