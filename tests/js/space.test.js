import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "../../playground/components/atlas/scatter/view.js";
import { nearestOf } from "../../playground/components/state/places.js";
import { below, evenScale, quantile, quantileScale } from "../../playground/components/ui/space/scale.js";
import { verdict } from "../../playground/components/ui/space/verdict.js";

const near = (value, wanted, most = 1e-6) => assert.ok(Math.abs(value - wanted) <= most, `${value}, not ${wanted}`);

test("shares of N(0, 1) are those of the tables, and go back", () => {
  for (const [value, share] of [[0, 0.5], [1, 0.8413447], [-1.959964, 0.025], [3, 0.9986501]]) {
    near(below(value), share);
    near(quantile(share), value, 1e-4);
  }
});

for (const [name, scale] of [["even", evenScale(-4, 2)], ["of quantiles", quantileScale(1, 0.5, -1, 3)]]) {
  test(`a place on a scale and its number belong together: ${name}`, () => {
    for (const share of [0.05, 0.3, 0.5, 0.95]) near(scale.to(scale.from(share)), share, 1e-5);
    assert.ok(scale.from(-1) >= scale.low && scale.from(2) <= scale.high);
  });
}

test("a lattice has its points in the middle of even pieces", () => {
  assert.deepEqual(evenScale(0, 8).lattice(4), { spacing: "even", low: 1, high: 7, count: 4 });
});

test("the nearest of some codes is found, and none where there is none", () => {
  assert.equal(nearestOf(new Float32Array()), null);
  near(nearestOf(Float32Array.from([0, 0, 3, 4]))(3, 3), 1);
});

const MODELS = [
  { label: "A", continuity: { mean: 0.1 }, digits: { random: 0.5 } },
  { label: "B", continuity: { mean: 0.2 }, digits: { random: 0.9 } },
];

test("the smoother and the fuller of two maps are named, whichever comes first", () => {
  for (const [one, other] of [MODELS, MODELS.toReversed()]) {
    const [continuity, completeness] = verdict(one, other).split("\n");
    assert.match(continuity, /A wins.* 0\.100 against 0\.200/);
    assert.match(completeness, /B wins.* 90 % of random codes against 50 %/);
  }
});

test("what may be chance is no win, and what is not measured is not said", () => {
  const [one] = MODELS;
  assert.match(verdict(one, { ...one, label: "C", digits: { random: 0.51 } }), /about the same, 0\.100.*\n.*about the same, 51 %/);
  assert.equal(verdict(one, { label: "C", continuity: null, digits: null }), "");
  assert.match(verdict(one, one), /the same model/);
});

function viewOf(width, height) {
  return Object.assign(new View(), { width, height });
}

function projected(view, point) {
  const places = new Float32Array(3);
  view.project(Float32Array.from(point), places);
  return places;
}

test("what lies under the pointer stays there while it zooms", () => {
  const view = viewOf(400, 300);
  const [x, y] = projected(view, [0.4, -0.3, 0]);
  view.zoomAt(3, x, y);
  const after = projected(view, [0.4, -0.3, 0]);
  near(after[0], x, 1e-3);
  near(after[1], y, 1e-3);
  assert.equal(view.zoom, 3);
});

test("points in space are larger the nearer they are, and up stays up", () => {
  const view = viewOf(400, 400);
  view.become(true);
  [view.yaw, view.pitch] = [0, 0];
  const [front, back] = [projected(view, [0.5, 0.5, 0.9]), projected(view, [0.5, 0.5, -0.9])];
  assert.ok(front[2] > back[2]);
  assert.ok(front[0] > back[0] && back[0] > 200);
  assert.ok(front[1] < back[1] && back[1] < 200);
});

test("however far it is shifted, some of the map stays in sight", () => {
  const view = viewOf(400, 300);
  view.shift(1e6, -1e6);
  const corners = [[-1, -1, 0], [1, 1, 0]].map((corner) => projected(view, corner));
  assert.ok(corners.some(([x]) => x >= 0 && x <= 400) && corners.some(([, y]) => y >= 0 && y <= 300));
});
