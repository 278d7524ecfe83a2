// Rows of small pictures that can be compared from top to bottom: the same digits in each column.

import { make } from "../../ui/elements.js";

const SIDE = 28;
const ALL = 10;
const LARGE = 3; // screen pixels per pixel, at most; one less for two runs

export class Rows {
  constructor() {
    this.rows = [];
    this.element = make("div", { className: "rows" });
    new ResizeObserver(() => this.paint()).observe(this.element);
  }

  // `rows` are { name, words, pictures }, where pictures is the bytes of ten of them.
  show(rows) {
    const names = rows.map(({ name }) => name).join();
    if (names !== this.names) {
      this.names = names;
      this.canvases = rows.map(({ name, words }) => {
        const canvas = make("canvas", { className: "pixels", dataset: { row: name } });
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", words);
        return canvas;
      });
      this.element.replaceChildren(...rows.flatMap(({ words, term }, i) => [
        make("span", { tabIndex: 0, dataset: { term } }, words), this.canvases[i],
      ]));
    }
    this.rows = rows;
    this.paint();
  }

  // As many as fit, enlarged by a whole factor.
  paint() {
    const room = this.canvases?.[0]?.parentElement.clientWidth;
    if (!room) return;
    const { wide, across } = this.fit(room);
    this.rows.forEach(({ pictures }, i) => {
      const canvas = this.canvases[i];
      Object.assign(canvas, { width: across * SIDE, height: SIDE });
      canvas.style.width = `${across * SIDE * wide}px`;
      canvas.style.height = `${SIDE * wide}px`;
      const context = canvas.getContext("2d");
      for (let n = 0; n < across; n++) {
        context.putImageData(imageOf(pictures.subarray(n * SIDE * SIDE, (n + 1) * SIDE * SIDE)), n * SIDE, 0);
      }
    });
  }

  fit(width) {
    const words = matchMedia("(max-width: 860px)").matches ? 0 : innerWidth < 1680 ? 112 : 136;
    const room = width - words;
    const least = words ? 8 : 6;
    const wide = Math.max(1, Math.min(this.rows.length > 4 ? LARGE - 1 : LARGE, Math.floor(room / (SIDE * least))));
    return { wide, across: Math.min(ALL, Math.floor(room / (SIDE * wide))) };
  }
}

export function imageOf(grey, side = SIDE) {
  const image = new ImageData(side, side);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < grey.length; i++) words[i] = 0xff000000 | (grey[i] * 0x010101);
  return image;
}

// The rows of pictures of one run; what two runs were both given is shown once.
export function rowsOf({ pictures }, letter, first, i) {
  if (!pictures) return [];
  const given = ({ originals, inputs }) => [
    { name: `originals${i}`, words: "Original", term: "train-originals", pictures: originals.values },
    ...(same(originals.values, inputs.values) ? [] : [{ name: `inputs${i}`, words: "With noise", term: "train-inputs", pictures: inputs.values }]),
  ];
  const shared = i > 0 && first.pictures && same(first.pictures.originals.values, pictures.originals.values)
    && same(first.pictures.inputs.values, pictures.inputs.values);
  const words = letter ? ` ${letter}` : "";
  return [
    ...(shared ? [] : given(pictures)),
    { name: `reconstructions${i}`, words: `Reconstructed${words}`, term: "train-reconstructions", pictures: pictures.reconstructions.values },
    { name: `samples${i}`, words: `Samples${words}`, term: "train-samples", pictures: pictures.samples.values },
  ];
}

function same(one, other) {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
