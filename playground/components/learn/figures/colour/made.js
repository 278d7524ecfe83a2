// The drawing through two models whose target is not their input.

import { clutter } from "../../../engine/data/clutter.js";
import { WHITE_FROM, bestThreshold, colourOf, intersectionOverUnion, mixture, nearest } from "../../../engine/evaluation/tasks.js";
import { toBytes, toFloats } from "../../../engine/numbers/float32.js";
import { chancesOf, coder } from "../../../state/coders.js";

const AMONG = 3; // classes, in whose colours a colour is told

// A model of the Learn tab; the server knows it by no name, so that there is nobody to ask before it is here.
async function drawn(name, image) {
  const model = coder(`experiments/${name}`);
  await model.ready;
  const { mean } = await model.encode(image, 1);
  return model.decode(mean, 1);
}

// A digit of bytes in colour: its pixels, the one colour of all of them, the class whose colour is
// nearest, and the shares by class of the three that it looks like most. `classes` have a colour each.
export async function coloured(digit, classes) {
  const image = toFloats(digit);
  const [picture, chances] = await Promise.all([drawn("colour", image), chancesOf(digit)]);
  const palette = classes.map(({ colour }) => toFloats([1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))));
  const colour = colourOf(picture, image);
  const near = nearest(colour, palette);
  const likely = (chances ? [...chances.keys()].sort((one, other) => chances[other] - chances[one]) : near).slice(0, AMONG);
  const shares = mixture(colour, likely.map((each) => palette[each]));
  const pixels = image.length;
  return {
    painted: toBytes(Float32Array.from(picture, (_, i) => picture[(i % 3) * pixels + Math.floor(i / 3)])),
    colour: toBytes(colour),
    nearest: near[0],
    shares: likely.map((each, i) => [each, shares[i]]),
  };
}

// A digit of bytes found in front of clutter, by a model and by the threshold that suits it best.
export async function segmented(digit, strength, seed) {
  const image = toFloats(digit);
  const seen = clutter(image, strength, seed);
  const odds = await drawn("segment", seen);
  const [truth, mask] = [image, odds].map((each) => Uint8Array.from(each, (value) => Number(value >= WHITE_FROM)));
  const best = bestThreshold(seen, truth);
  return {
    seen: toBytes(seen),
    odds: toBytes(odds),
    truth,
    mask,
    cut: best.mask,
    iou: intersectionOverUnion(mask, truth),
    threshold: { level: best.level, iou: best.iou },
  };
}
