// Maps as the server sends them, and t-SNE's frames: places as 16 bits an axis.

import { pack, unpack } from "../engine/wire.js";
import { factOf } from "../state/models.js";

const STEPS = 65535;

// One map of an atlas; without a view the first that there is.
export async function fetchMap(model, view) {
  const reply = await factOf("atlas", model, view ?? "first");
  const { header, bytes } = unpack(await reply.arrayBuffer());
  const labels = bytes(header.count);
  const majority = bytes(header.count);
  return { ...header, labels, majority, ...laidOut(header, bytes(2 * header.dims * header.count)) };
}

// A frame of a run of t-SNE; the labels are of the digits in it.
export function readFrame({ header, bytes }, labels) {
  const count = labels.length;
  const places = laidOut(header, bytes(2 * header.dims * count));
  return { ...header, count, labels, majority: header.done ? bytes(count) : null, ...places };
}

// The points within 1 of the middle, three numbers each, and what 0 and 1 stand for.
function laidOut({ dims, low, extent, view }, raw) {
  const steps = new Uint16Array(raw.buffer);
  const count = steps.length / dims;
  const points = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    for (let axis = 0; axis < dims; axis++) points[3 * i + axis] = (2 * steps[dims * i + axis]) / STEPS;
  }
  const middles = [0, 1, 2].slice(0, dims).map((axis) => middleOf(points, axis));
  let reach = 1e-6;
  for (let i = 0; i < points.length; i += 3) {
    let square = 0;
    for (let axis = 0; axis < dims; axis++) {
      points[i + axis] -= middles[axis];
      if (dims === 2) reach = Math.max(reach, Math.abs(points[i + axis]));
      else square += points[i + axis] ** 2;
    }
    reach = Math.max(reach, Math.sqrt(square));
  }
  for (let i = 0; i < points.length; i++) points[i] /= reach;
  const centre = middles.map((middle, axis) => low[axis] + (middle * extent) / 2);
  const meant = view !== undefined && !view.startsWith("tsne"); // the axes of t-SNE have no unit
  // In the numbers of the map itself, as a file holds them.
  const place = (index) => low.map((least, axis) => least + (extent * steps[dims * index + axis]) / STEPS);
  return { points, place, deep: dims === 3, axes: meant && dims === 2 ? { centre, scale: (reach * extent) / 2 } : null };
}

function middleOf(points, axis) {
  let least = Infinity;
  let most = -Infinity;
  for (let i = axis; i < points.length; i += 3) {
    least = Math.min(least, points[i]);
    most = Math.max(most, points[i]);
  }
  return (least + most) / 2;
}

// A run of t-SNE on the server, as it goes: messages one after another, each after its length.

const GONE = "The server does not answer. It may have been stopped, or be very busy.";

// Starts a run and hears its messages until it is done. Throws an Error that can be shown to
// people; nothing if `signal` ended it.
export async function follow(header, signal, hear) {
  try {
    const body = pack(header, new Uint8Array());
    const response = await fetch(new URL("live/tsne", document.baseURI), { method: "POST", body, signal });
    if (!response.ok) throw new Error(await refusal(response));
    await readAll(response.body.getReader(), hear);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof TypeError ? new Error(GONE, { cause: error }) : error;
  }
}

async function readAll(reader, hear) {
  let held = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    held = takeWhole(joined, hear);
  }
}

// Hears every message that has come in whole; gives back the rest.
function takeWhole(bytes, hear) {
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = new DataView(bytes.buffer, at).getUint32(0, true);
    if (at + 4 + length > bytes.length) break;
    const message = unpack(bytes.buffer.slice(at + 4, at + 4 + length));
    if (message.header.error) throw new Error(message.header.error);
    hear(message);
    at += 4 + length;
  }
  return bytes.slice(at);
}

async function refusal(response) {
  const sentence = await response.json().then((reply) => reply.error).catch(() => null);
  return sentence ?? `The server could not answer (code ${response.status}). Try again in a moment.`;
}
