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
function drawing(context, down = true) {
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  const canvas = new Canvas();
  const strokes = [];
  pointer(canvas, {
    start: (point) => strokes.push([point]),
    go: (points) => strokes.at(-1).push(...points),
    end: () => strokes.at(-1).push("end"),
    cancel: () => strokes.pop(),
  });
  const hearOf = (who, type, ...places) => {
    const steps = places.map((x) => ({ clientX: x, clientY: 50 }));
    const more = { pointerId: 1, button: 0, ...who, ...steps.at(-1), getCoalescedEvents: () => steps };
    canvas.dispatchEvent(Object.assign(new Event(type), more));
  };
  const hear = (type, ...places) => hearOf({}, type, ...places);
  if (down) hear("pointerdown", 0);
  return { strokes, hear, hearOf, wait: (ms) => (now += ms) };
}

const PALM = { pointerId: 7, pointerType: "touch" };
const PEN = { pointerId: 8, pointerType: "pen" };

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

test("a pen takes over from a palm, whose stroke goes, and what the palm does then is nothing", (context) => {
  const { strokes, hearOf } = drawing(context, false);
  hearOf(PALM, "pointerdown", 80);
  hearOf(PALM, "pointermove", 82);
  hearOf(PEN, "pointerdown", 10);
  hearOf(PALM, "pointermove", 84);
  hearOf(PEN, "pointermove", 20);
  hearOf(PALM, "pointerup", 84);
  hearOf(PEN, "pointerup", 20);
  assert.equal(strokes.length, 1);
  assert.deepEqual(across(strokes), [10, 20, "end"]);
});

test("a hand that is put down again while its pen is near draws nothing, a finger later does", (context) => {
  const { strokes, hearOf, wait } = drawing(context, false);
  hearOf(PEN, "pointermove", 10); // above the glass
  wait(300);
  hearOf(PALM, "pointerdown", 80);
  assert.deepEqual(strokes, []);
  wait(2000);
  hearOf(PALM, "pointerdown", 80);
  assert.deepEqual(across(strokes), [80]);
});

test("a second finger, or a mouse, takes nothing over from a finger, nor a palm from a pen", (context) => {
  const { strokes, hearOf, wait } = drawing(context, false);
  hearOf(PALM, "pointerdown", 0);
  for (const pointerType of ["touch", "mouse"]) hearOf({ pointerId: 9, pointerType }, "pointerdown", 50);
  hearOf(PALM, "pointerup", 0);
  hearOf(PEN, "pointerdown", 10);
  wait(5000); // held still
  hearOf(PALM, "pointerdown", 80);
  assert.equal(strokes.length, 2);
  assert.deepEqual(across(strokes.slice(1)), [10]);
});

test("a touch that the system takes away leaves nothing; a pen's stroke and a mouse's stay", (context) => {
  const { strokes, hearOf, wait } = drawing(context, false);
  hearOf(PALM, "pointerdown", 80);
  hearOf(PALM, "pointermove", 90);
  hearOf(PALM, "pointercancel", 90);
  assert.deepEqual(strokes, []);
  hearOf(PEN, "pointerdown", 10);
  hearOf(PEN, "pointercancel", 10);
  wait(5000);
  hearOf(PALM, "pointerdown", 20); // the canvas is free again
  assert.deepEqual(strokes.map((stroke) => stroke.at(-1) === "end"), [true, false]);
});
