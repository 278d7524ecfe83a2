import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { ask, newest, server } from "../../playground/components/engine/wire.js";

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

test("a signal that was aborted ends a request", async () => {
  answerWith(new Response("late"));
  await assert.rejects(ask("live/a", undefined, { signal: AbortSignal.abort() }));
});
