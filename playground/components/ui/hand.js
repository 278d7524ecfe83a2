// Controls set as a hand would set them, so that all who listen to them hear of it.

// Gives a field a value, or ticks a box or not. Nobody hears of what stays as it is.
export function turn(control, value) {
  const field = control.type === "checkbox" || control.type === "radio" ? "checked" : "value";
  const before = control[field];
  control[field] = value;
  if (control[field] === before) return;
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}
