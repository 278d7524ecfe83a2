// Numbers and states in words.

const STATES = {
  waiting: "waiting",
  running: "training",
  paused: "paused",
  done: "done",
  stopped: "stopped",
  failed: "failed",
  interrupted: "interrupted",
};

export const ACTIVE = ["waiting", "running"]; // states that change without the visitor
export const LETTERS = ["A", "B"];

export function stateOf({ state, position }) {
  if (state === "waiting" && position > 0) return `waiting, ${ordinal(position)} in the queue`;
  return STATES[state] ?? state;
}

function ordinal(n) {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${n}${["th", "st", "nd", "rd"][last] ?? "th"}`;
}

// Three or four digits of a number of nats.
export function nats(value) {
  if (!Number.isFinite(value)) return "–";
  const far = Math.abs(value);
  const text = far.toFixed(far >= 1000 ? 0 : far >= 100 ? 1 : far >= 0.0995 || far === 0 ? 2 : 3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function whole(value) {
  return Math.round(value).toLocaleString("en-GB");
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  const rounded = Math.ceil(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${String(rounded % 60).padStart(2, "0")} s`;
  return `${Math.floor(rounded / 3600)} h ${String(Math.floor((rounded % 3600) / 60)).padStart(2, "0")} min`;
}

export function size(bytes) {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${whole(bytes / 1000)} kB`;
}
