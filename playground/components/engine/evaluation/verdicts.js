// What the digit classifier says of a row of pictures.

/**
 * @typedef {{ name: string, side: number, pictures: Uint8Array[], classes: Uint8Array | null, chances: Float32Array | null }} Row
 *   classes and chances are null if nothing was judged
 */

export const SURE = 0.9; // a chance from which on the classifier counts as sure

/** @type {(row: Pick<Row, "chances">, i: number) => boolean} */
export const isSure = (row, i) => (row.chances?.[i] ?? 0) >= SURE;
