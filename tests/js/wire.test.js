import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { ask, newest, quiet, server } from "../../playground/components/engine/wire.js";

const reported = [];
globalThis.reportError = (error) => reported.push(error.message);

beforeEach(() => (reported.length = 0));

const silent = () => {};
// Everything that is ready to go on has gone on.
const idle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

// A `send` whose calls are answered by hand.
function byHand() {
  const calls = [];
  const send = (signal) => new Promise((resolve, reject) => {
    calls.push({ signal, resolve, reject });
    signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
  return { calls, send };
}

test("one request is in flight, and of those that came up meanwhile only the newest follows", async () => {
  const { calls, send } = byHand();
  const refresh = newest(send, silent);
  refresh();
  refresh();
  refresh();
  assert.equal(calls.length, 1);
  calls[0].resolve();
  await idle();
  assert.equal(calls.length, 2);
  calls[1].resolve();
  await idle();
  assert.equal(calls.length, 2);
});

test("what throws once runs again when it is asked the next time", async () => {
  let turns = 0;
  const states = [];
  const refresh = newest(() => {
    turns += 1;
    if (turns === 1) throw new Error("once");
  }, (busy) => states.push(busy));
  refresh();
  await idle();
  refresh();
  await idle();
  assert.equal(turns, 2);
  assert.deepEqual(states, [true, false, true, false]);
  assert.deepEqual(reported, ["once"]);
});

test("a request that hangs makes way for a newer one, and only for a newer one", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const { calls, send } = byHand();
  const refresh = newest(send, silent);
  refresh();
  mock.timers.tick(60_000);
  await idle();
  assert.equal(calls[0].signal.aborted, false);
  refresh(); // it is overdue already
  await idle();
  assert.equal(calls[0].signal.aborted, true);
  assert.equal(calls.length, 2);
  refresh(); // too early for the second
  await idle();
  assert.equal(calls[1].signal.aborted, false);
  mock.timers.tick(10_000);
  await idle();
  assert.equal(calls[1].signal.aborted, true);
  assert.equal(calls.length, 3);
});

function answerWith(...responses) {
  const asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push({ path, ...options });
    options.signal?.throwIfAborted();
    return responses.shift();
  };
  return asked;
}

test("a refusal is a sentence that can be shown", async () => {
  answerWith(new Response('{"error": "Too many digits."}', { status: 422 }));
  await assert.rejects(ask("live/a"), { message: "Too many digits." });
  answerWith(new Response("<html>", { status: 500 }));
  await assert.rejects(ask("live/a"), /could not answer \(code 500\)/);
});

test("a busy server is asked again, and the page hears of it", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const heard = [];
  server.addEventListener("busy", ({ detail }) => heard.push(detail));
  const asked = answerWith(
    new Response("{}", { status: 503, headers: { "Retry-After": "1" } }),
    new Response("done"),
  );
  const reply = ask("live/a", new Uint8Array(3));
  await idle();
  mock.timers.tick(2000);
  assert.equal(await (await reply).text(), "done");
  assert.deepEqual(heard, [true, false]);
  assert.deepEqual(asked.map(({ method }) => method), ["POST", "POST"]);
});

test("of a server that is away the page says so once, and asks again what only asks", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const heard = [];
  const hear = ({ detail }) => heard.push(detail);
  server.addEventListener("gone", hear);
  t.after(() => server.removeEventListener("gone", hear));
  let there = false;
  const asked = [];
  globalThis.fetch = async (path, { method = "GET" } = {}) => {
    asked.push(`${method} ${path}`);
    if (!there) throw new TypeError("Failed to fetch");
    return new Response("done");
  };
  const replies = [ask("facts/a"), ask("facts/b")];
  await assert.rejects(ask("live/a", new Uint8Array(3)), /does not answer/);
  await idle();
  assert.deepEqual(heard, [true]);
  mock.timers.tick(5000);
  await idle();
  assert.deepEqual(heard, [true]);
  there = true;
  mock.timers.tick(5000);
  assert.deepEqual(await Promise.all((await Promise.all(replies)).map((reply) => reply.text())), ["done", "done"]);
  assert.deepEqual(heard, [true, false]);
  assert.equal(asked.filter((each) => each === "POST live/a").length, 1);
});

test("a proxy with no server behind it is a server that is away", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  answerWith(new Response("<html>", { status: 502 }), new Response("ok"), new Response("done"));
  const reply = ask("facts/a");
  await idle();
  mock.timers.tick(5000);
  assert.equal(await (await reply).text(), "done");
});

test("what can wait waits until nothing is being asked", async () => {
  let answer = () => {};
  globalThis.fetch = () => new Promise((resolve) => (answer = () => resolve(new Response("done"))));
  const reply = ask("facts/a");
  let waited = false;
  const waiting = quiet().then(() => (waited = true));
  await idle();
  assert.equal(waited, false);
  answer();
  await Promise.all([reply, waiting]);
  assert.equal(waited, true);
});

test("a signal that was aborted ends a request", async () => {
  answerWith(new Response("late"));
  await assert.rejects(ask("live/a", undefined, { signal: AbortSignal.abort() }));
});
