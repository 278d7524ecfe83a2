// Numbers and states in words.

import { whole } from "../ui/numbers.js";

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

// What a run may cost on a page for strangers; nothing where there are no limits.
export function allowed({ minutes, parameters, images, runs }) {
  const most = [
    minutes && `${whole(minutes)} minutes`,
    parameters && `${whole(parameters)} parameters`,
    images && `${whole(images)} images (epochs times data set)`,
  ].filter(Boolean);
  const kept = runs ? ` Your last ${whole(runs)} runs are kept.` : "";
  return most.length ? `A run here has at most ${most.join(", ")}.${kept}` : kept.trim();
}
