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
