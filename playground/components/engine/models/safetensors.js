// The tensors of a safetensors file, by name: numbers without code, as `vae_core` saves weights.

/**
 * @typedef {{ shape: number[], values: Float32Array }} Tensor
 * @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Entry
 * @typedef {{ names: string[], shape: (name: string) => number[], tensor: (name: string) => Tensor }} Weights
 */

const NO_SUCH_FILE = "This is no safetensors file, or it is cut short.";

/** @type {Record<string, number>} bytes of a number */
const SIZES = { F32: 4, F16: 2, BF16: 2 };

// A reader of the file. A tensor is taken from it when it is asked for; an Error says what is wrong.
/** @type {(file: ArrayBuffer) => Weights} */
export function readSafetensors(file) {
  const { start, entries } = readHeader(file);
  const entry = (/** @type {string} */ name) => {
    if (!Object.hasOwn(entries, name)) throw new Error(`The file has no weights called '${name}'.`);
    return entries[name];
  };
  return {
    names: Object.keys(entries),
    shape: (name) => entry(name).shape,
    tensor: (name) => read(file, start, name, entry(name)),
  };
}

const POINTER = "version https://git-lfs.github.com/spec/"; // that Git LFS leaves in place of a file
const NOT_FETCHED = "This is only a pointer of Git LFS: the weights that it stands for were not fetched. `git lfs install` and then `git lfs pull`, in the project's folder, fetch them.";

// Where the numbers begin, what there is, and the texts that were put beside it, by name.
/** @type {(file: ArrayBuffer) => { start: number, entries: Record<string, Entry>, texts: Record<string, string> }} */
export function readHeader(file) {
  if (new TextDecoder().decode(file.slice(0, POINTER.length)) === POINTER) throw new Error(NOT_FETCHED);
  const length = file.byteLength < 8 ? Infinity : Number(new DataView(file).getBigUint64(0, true));
  if (8 + length > file.byteLength) throw new Error(NO_SUCH_FILE);
  const { __metadata__: texts = {}, ...entries } = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)));
  return { start: 8 + length, entries, texts };
}

/** @type {(file: ArrayBuffer, start: number, name: string, entry: Entry) => Tensor} */
function read(file, start, name, { dtype, shape, data_offsets: [from, to] }) {
  const count = shape.reduce((product, side) => product * side, 1);
  if (to - from !== count * SIZES[dtype] || start + to > file.byteLength) {
    throw new Error(`The weights '${name}' are damaged, or made of ${dtype}.`);
  }
  const bytes = file.slice(start + from, start + to); // a copy, because floats need alignment
  if (dtype === "F32") return { shape, values: new Float32Array(bytes) };
  const table = dtype === "F16" ? halves() : null;
  const short = new Uint16Array(bytes);
  const values = new Float32Array(count);
  if (table) for (let i = 0; i < count; i++) values[i] = table[short[i]];
  else widen(short, values);
  return { shape, values };
}

// A bfloat16 is the upper half of a float32.
/** @type {(short: Uint16Array, values: Float32Array) => void} */
function widen(short, values) {
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = short[i] << 16;
}

/** @type {Float32Array | undefined} */
let table;

// The value of each of the 65,536 numbers of half precision.
function halves() {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const sign = bits >> 15 ? -1 : 1;
    if (exponent === 0) return (sign * fraction) / 2 ** 24;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return table;
}
