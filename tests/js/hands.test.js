// The pen as strokes: at once where the browser tells at once, and every place once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pointer } from "../../playground/components/drawing/hands.js";

class Canvas extends EventTarget {
  getBoundingClientRect() {
    return { left: 0, top: 0, width: 100, height: 100 };
  }

  setPointerCapture() {}
}

// A canvas with the pen down; `hear` dispatches an event that reports these places.
function drawing(context) {
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  const canvas = new Canvas();
  const strokes = [];
  pointer(canvas, {
    start: (point) => strokes.push([point]),
    go: (points) => strokes.at(-1).push(...points),
    end: () => strokes.at(-1).push("end"),
  });
  const hear = (type, ...places) => {
    const steps = places.map((x) => ({ clientX: x, clientY: 50 }));
    const more = { pointerId: 1, button: 0, ...steps.at(-1), getCoalescedEvents: () => steps };
    canvas.dispatchEvent(Object.assign(new Event(type), more));
  };
  hear("pointerdown", 0);
  return { strokes, hear, wait: (ms) => (now += ms) };
}

const across = (strokes) => strokes[0].map((point) => (typeof point === "string" ? point : Math.round(100 * point[0])));

test("the stroke grows before the frame, and the frame repeats nothing", (context) => {
  const { strokes, hear } = drawing(context);
  hear("pointerrawupdate", 10);
  assert.deepEqual(across(strokes), [0, 10]);
  hear("pointermove", 10);
  hear("pointerup", 10);
  assert.deepEqual(across(strokes), [0, 10, "end"]);
});

test("of many movements in a moment the first is followed at once, and none is lost", (context) => {
  const { strokes, hear, wait } = drawing(context);
  hear("pointerrawupdate", 10);
  hear("pointerrawupdate", 11, 12);
  assert.deepEqual(across(strokes), [0, 10]);
  hear("pointermove", 10, 11, 12);
  assert.deepEqual(across(strokes), [0, 10, 11, 12]);
  wait(20);
  hear("pointerrawupdate", 20);
  hear("pointerrawupdate", 21);
  hear("pointerup", 21);
  assert.deepEqual(across(strokes), [0, 10, 11, 12, 20, 21, "end"]);
});

test("a browser that tells of movements with the frame only is followed then", (context) => {
  const { strokes, hear } = drawing(context);
  hear("pointermove", 10, 11);
  hear("pointermove", 12);
  assert.deepEqual(across(strokes), [0, 10, 11, 12]);
});
