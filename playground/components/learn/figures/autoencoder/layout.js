// Where the stages of a network lie: left to right where there is room, else from top to bottom.

const CODE = { width: 62, height: 15 }; // a number of a code with its bar
const LEGIBLE = 64; // numbers of a code that are written out
const PART = 20; // pixels above all for "encoder" and "decoder"
const WORDS = 34; // below each stage for what it is
const TITLE = 20; // above a stage, from top to bottom
const GAPS = { least: 14, most: 56, between: 16 };
const MAP_GAP = 2;

// From large to small: pixels along a pixel of a picture, of a map, along a unit, and of the height.
const SIZES = [
  { picture: 7, map: 3, unit: 10, height: 460 },
  { picture: 5, map: 3, unit: 9, height: 420 },
  { picture: 4, map: 2, unit: 7, height: 272 },
  { picture: 3, map: 2, unit: 6, height: 272 },
  { picture: 3, map: 2, unit: 5, height: 304 },
  { picture: 3, map: 2, unit: 6, height: 352 },
];

const LECTURE = { picture: 3, map: 2, unit: 6, height: 396 }; // words are larger, and nobody scrolls

// A box for each stage, and the size of all of them. `scale` is how large words are.
export function layOut(stages, width, scale) {
  for (const size of scale > 1 ? [...SIZES, LECTURE] : SIZES) {
    const boxes = stages.map((stage) => boxOf(stage, size, { height: size.height }, scale));
    const wide = sum(boxes.map((box) => box.width)) + GAPS.least * (boxes.length - 1);
    if (wide <= width) return across(boxes, width, scale);
  }
  return down(stages, width, scale);
}

function across(boxes, width, scale) {
  const gap = Math.min(GAPS.most, (width - sum(boxes.map((box) => box.width))) / (boxes.length - 1));
  const height = Math.max(...boxes.map((box) => box.height));
  let left = 0;
  for (const box of boxes) {
    Object.assign(box, { x: Math.round(left), y: Math.round(PART * scale + (height - box.height) / 2) });
    left += box.width + gap;
  }
  return { boxes, across: true, height: PART * scale + height + WORDS * scale };
}

function down(stages, width, scale) {
  const size = { picture: Math.min(5, Math.max(3, Math.floor(width / 84))), map: width < 600 ? 2 : 3, unit: width < 600 ? 7 : 9 };
  const boxes = stages.map((stage) => boxOf(stage, size, { width }, scale));
  let top = 0;
  for (const box of boxes) {
    Object.assign(box, { x: 0, y: Math.round(top + TITLE * scale) });
    top += TITLE * scale + box.height + GAPS.between;
  }
  return { boxes, across: false, height: top };
}

// A box is `columns` of tiles with `gap` between them. A tile has `wide` times `high` cells.
function boxOf({ part, shape }, size, room, scale) {
  const [count, high = 1, wide = 1] = shape;
  const written = part === "code" && count <= LEGIBLE;
  const cell = cellOf({ part, shape, written }, size, scale);
  const gap = written ? 0 : shape.length > 1 ? MAP_GAP : 1;
  const pitch = { x: wide * cell.x + gap, y: high * cell.y + gap };
  const columns = room.width
    ? evenly(count, Math.floor((room.width + gap) / pitch.x))
    : Math.ceil(count / evenly(count, Math.floor((room.height + gap) / pitch.y)));
  const rows = Math.ceil(count / columns);
  const box = { count, columns, rows, wide, high, cell, gap, pitch, written };
  return { ...box, width: columns * pitch.x - gap, height: rows * pitch.y - gap };
}

function cellOf({ part, shape, written }, size, scale) {
  if (written) return { x: CODE.width * scale, y: CODE.height * scale };
  const side = part === "seen" || part === "picture" ? size.picture : shape.length > 1 ? size.map : size.unit - 1;
  return { x: side, y: side };
}

// The most that divides `count` without a rest, if that is no fewer than half of `most`.
function evenly(count, most) {
  if (count <= most) return count;
  for (let each = most; 2 * each >= most; each--) if (count % each === 0) return each;
  return Math.max(1, most);
}

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

// The place of a unit among all cells of a box, and back; null where there is none.
export function cellOfUnit({ columns, wide, high }, unit) {
  const [tile, place] = [Math.floor(unit / (wide * high)), unit % (wide * high)];
  return {
    x: (tile % columns) * wide + (place % wide),
    y: Math.floor(tile / columns) * high + Math.floor(place / wide),
  };
}

export function unitOfCell({ columns, count, wide, high }, { x, y }) {
  const tile = Math.floor(y / high) * columns + Math.floor(x / wide);
  if (x < 0 || y < 0 || x >= columns * wide || tile >= count) return null;
  return tile * wide * high + (y % high) * wide + (x % wide);
}

// Where a cell lies on the canvas.
export function rectOf({ x, y, wide, high, cell, pitch }, at) {
  return {
    x: x + Math.floor(at.x / wide) * pitch.x + (at.x % wide) * cell.x,
    y: y + Math.floor(at.y / high) * pitch.y + (at.y % high) * cell.y,
    width: cell.x,
    height: cell.y,
  };
}

// The cell at a point of the canvas, or the nearest one of the box.
export function cellAt({ x, y, columns, rows, wide, high, cell, pitch }, point) {
  const along = (from, size, step, cells, tiles) => {
    const tile = Math.max(0, Math.min(Math.floor(from / step), tiles - 1));
    return tile * cells + Math.max(0, Math.min(Math.floor((from - tile * step) / size), cells - 1));
  };
  return {
    x: along(point.x - x, cell.x, pitch.x, wide, columns),
    y: along(point.y - y, cell.y, pitch.y, high, rows),
  };
}
