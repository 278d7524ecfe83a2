// Planes, ways, samples and neighbours in latent spaces, as in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PATHS, crossfade, interpolate, sums, tour, traverse, walk } from "../../playground/components/engine/latent/interpolation.js";
import { nearest, placeOnMap } from "../../playground/components/engine/latent/neighbours.js";
import { axes, corners, latentsAt, sheet, valuesOf, whole } from "../../playground/components/engine/latent/planes.js";
import { spreadOf, squareOf } from "../../playground/components/engine/latent/square.js";
import { deviations, ellipse, klPerLatent, sampleCloud, sampleLatents, standardNormal } from "../../playground/components/engine/latent/sampling.js";
import { generator } from "../../playground/components/engine/numbers/random.js";
import { close, golden, same } from "./golden.js";
import { linear } from "./linear.js";

const ULP = 2 ** -23;
const spaces = golden("spaces");
const ways = golden("ways");
const samples = golden("samples");
const neighbours = golden("neighbours");

test("a plane through three codes, and through two axes", () => {
  const flat = corners(...spaces.corners);
  close(latentsAt(flat, spaces.points), spaces["through corners"], ULP);
  same(latentsAt(axes(spaces.corners[0], 2, 0), spaces.points), spaces["two axes"]);
  same(latentsAt(whole(2), spaces.points), spaces.points);
});

test("three codes on one line, or an axis twice, make no plane", () => {
  const [a, b] = spaces.corners;
  assert.throws(() => corners(a, b, b.map((value, i) => 2 * value - a[i])), /on one line/);
  assert.throws(() => corners([1], [2], [4]), /on one line/);
  assert.throws(() => axes(a, 1, 1), /two different latents; got 1 twice/);
});

test("lattices, evenly and by quantiles", () => {
  for (const [low, high, count, values] of spaces.even) close(valuesOf({ spacing: "even", low, high, count }), values, ULP, `${low} to ${high}`);
  for (const [low, high, count, values] of spaces.quantiles) same(valuesOf({ spacing: "quantiles", low, high, count }), values, `${low} ${high}`);
});

test("a sheet", async () => {
  const { xs, ys, tiles } = spaces.sheet;
  same(await sheet(linear(spaces.model), corners(...spaces.corners), xs, ys), tiles);
});

for (const [name, { ends, ...paths }] of Object.entries(ways.pairs)) {
  test(`ways between codes: ${name}`, () => {
    assert.deepEqual(Object.keys(paths), Object.keys(PATHS));
    for (const [path, codes] of Object.entries(paths)) close(interpolate(...ends, 9, path), codes, ULP, path);
  });
}

test("tours, a cross-fade, a traversal and a sum", () => {
  const { stops } = ways;
  for (const [path, codes] of Object.entries(ways.tours)) {
    close(tour(stops, 6, path), codes, ULP, path);
    same(walk(stops, { frames: 6, path, tour: true }), tour(stops, 6, path));
  }
  same(walk(stops, { frames: 6, path: "straight", tour: false }), interpolate(stops[0], stops[3], 6));
  close(crossfade(ways.pictures, { frames: 7, tour: false }), ways.crossfade, ULP);
  same(traverse(stops[0], 3, ways.values), ways.traversed);
  close(sums(...stops.slice(0, 3)), ways.sums, ULP);
  assert.throws(() => interpolate(stops[0], stops[1], 3, "winding"), /no path called "winding"/);
});

test("draws from the prior are the same numbers", () => {
  for (const [size, count, temperature, seed, codes] of samples.prior) {
    same(sampleLatents(standardNormal(size), count, temperature, seed), codes, `${count} of ${size}`);
  }
});

test("draws from a Gaussian that was fitted", () => {
  close(sampleLatents(samples.fitted, 25, 0.8, 5), samples["from fitted"], 1e-6);
});

test("clouds: deviations, draws, and what each number is worth", () => {
  const { mean, log_var: logVar } = samples;
  close(deviations(logVar), samples.std, ULP);
  close(sampleCloud(mean, logVar, generator(7)), samples.clouds[8], 1e-6);
  close(sampleCloud(mean.subarray(0, 3), logVar.subarray(0, 3), generator(7)), samples.clouds[1], 1e-6);
  close(klPerLatent(mean, logVar), samples.kl, 1e-6);
});

test("an ellipse keeps its distance from the mean", () => {
  const points = ellipse([1, -2], [0.5, 3], 2, 8);
  assert.equal(points.length, 18);
  for (let i = 0; i < points.length; i += 2) {
    close([Math.hypot((points[i] - 1) / 0.5, (points[i + 1] + 2) / 3)], [2], 1e-12);
  }
  close(points.slice(-2), points.slice(0, 2), 1e-12);
});

test("the nearest codes, and the place of a new one on a map", () => {
  neighbours.new.forEach((code, i) => {
    const near = nearest(neighbours.known, code);
    assert.deepEqual(near.indices, neighbours.indices[i]);
    close(near.distances, neighbours.distances[i], 1e-12);
    same(near.weights, neighbours.weights[i]);
    for (const [dims, { points, places }] of Object.entries(neighbours.maps)) {
      close(placeOnMap(points, Number(dims), near), places[i], 1e-6, `map of ${dims}`);
    }
  });
});

test("the square of a map is that which Python finds", () => {
  const codes = Float32Array.from([0.5, -1, 2, 4, -1.5, 0.25, 3, 3.5, 0, -2.75]);
  const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 1e-4, `${found}, not ${wanted}`);
  const [prior, plain] = [true, false].map((each) => squareOf(codes, each));
  [[prior.half, 4.1895], [plain.half, 3.5201], [plain.centre[0], 0.755], [plain.centre[1], 0.6375]].forEach((pair) => near(...pair));
  assert.deepEqual(prior.centre, [0, 0]);
  assert.equal(squareOf(Float32Array.from([0, 0]), true).half, 3);
  spreadOf(codes).forEach((each, i) => near(each, [1.5684, 2.5952][i]));
});
