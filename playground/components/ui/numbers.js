// Numbers as the page writes them.

// PSNR in dB; where nothing differs it is infinite, or null where JSON has told it.
/** @type {(psnr: number | null) => string} */
export function decibels(psnr) {
  return psnr !== null && Number.isFinite(psnr) ? `${psnr.toFixed(1)} dB` : "no error";
}

/** @type {(mse: number) => string} */
export function squares(mse) {
  return mse.toFixed(4);
}

// Three or four digits of a number of nats.
/** @type {(value: number) => string} */
export function nats(value) {
  if (!Number.isFinite(value)) return "–";
  const far = Math.abs(value);
  const text = far.toFixed(far >= 1000 ? 0 : far >= 100 ? 1 : far >= 0.0995 || far === 0 ? 2 : 3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const PIXELS = 784;

// A sum over the pixels of a picture as tutorials often write it: the mean of them.
/** @type {(value: number) => string} */
export function perPixel(value) {
  return Number.isFinite(value) ? (value / PIXELS).toFixed(4).replace("-", "−") : "–";
}

/** @type {(value: number) => string} */
export function whole(value) {
  return Math.round(value).toLocaleString("en-GB");
}

/** @type {(seconds: number) => string} */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  const rounded = Math.ceil(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${String(rounded % 60).padStart(2, "0")} s`;
  return `${Math.floor(rounded / 3600)} h ${String(Math.floor((rounded % 3600) / 60)).padStart(2, "0")} min`;
}

/** @type {(bytes: number) => string} */
export function size(bytes) {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${whole(bytes / 1000)} kB`;
}

/** @type {(value: number, digits?: number) => string} */
export function signed(value, digits) {
  const text = digits === undefined ? `${+Math.abs(value).toPrecision(3)}` : Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

// Round numbers from `low` to `high`, about `count` of them.
/** @type {(low: number, high: number, count: number) => number[]} */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough * 0.999) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
