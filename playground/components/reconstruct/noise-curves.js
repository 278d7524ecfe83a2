// PSNR against the strength of the noise: a line a model, and the line to beat.

import { STRENGTHS, psnrCurve, psnrOfEach, spoiltMore } from "../engine/evaluation/reconstruction.js";
import { coder } from "../state/coders.js";
import { digit, input } from "../state/input.js";
import { about } from "../state/models.js";
import { Chart } from "../ui/charts/chart.js";
import { decibels } from "../ui/numbers.js";

const NOISY = { label: "noisy picture, the line to beat", colour: "--soft", dash: "dot", symbol: "x-thin-open", size: 6 };

const NOTHING = { question: "", clean: null, curves: null };

// Puts the chart into `place`. Gives a function that shows these models' curves for the drawing as it
// is; of several calls the newest wins.
export function noiseCurves(place, signal) {
  const chart = new Chart("PSNR at each strength of noise; arrow keys read it", { signal });
  place.append(chart.element);
  let newest = NOTHING;

  return async function show(models) {
    const [noise, clean] = [input.noise.value, digit.value];
    const question = JSON.stringify([noise.kind, noise.seed, models.map(({ name, version }) => [name, version])]);
    if (question !== newest.question || clean !== newest.clean) {
      newest = { question, clean, curves: clean && curvesOf(models, noise, clean) };
    }
    const asked = newest;
    try {
      const [curves, { noises }] = await Promise.all([asked.curves, about()]);
      if (asked === newest) chart.show(view(curves, models, noises.find(({ name }) => name === noise.kind).label));
    } catch (error) {
      if (asked !== newest) return;
      newest = NOTHING; // the next call tries again
      throw error;
    }
  };
}

async function curvesOf(models, noise, clean) {
  const more = spoiltMore(clean, noise);
  const curves = await Promise.all(models.map(({ name }) => psnrCurve(coder(name), more)));
  return {
    noisy: finite(psnrOfEach(more.images, more.clean)),
    models: Object.fromEntries(models.map(({ name }, i) => [name, finite(curves[i])])),
  };
}

// Where nothing differs there is no number to draw.
const finite = (levels) => levels.map((level) => (Number.isFinite(level) ? level : null));

function view(curves, models, kind) {
  const points = (levels) => levels.map((level, i) => [STRENGTHS[i], level]);
  const strength = (value) => `strength ${value.toFixed(2)}`;
  return {
    x: { title: `${kind}: strength, 0 to 1`, read: strength, range: [-0.02, 1.02], over: "strength %{x}" },
    y: { title: "PSNR, dB", read: decibels },
    lines: curves ? [
      { ...NOISY, points: points(curves.noisy) },
      ...models.map(({ name, label, colour, symbol, hollow, dash }) => (
        { label, colour, symbol, hollow, dash, points: points(curves.models[name]) })),
    ] : [],
    mark: input.noise.value.strength,
  };
}
