// Parts of the page behind another tab need not work until their tab is opened.

// Calls back with true when the element comes into sight, with false when it goes behind a tab,
// and with true again when its size has changed.
export function onSight(element, callback) {
  let was = null;
  new ResizeObserver(() => {
    const seen = element.offsetParent !== null;
    if (seen || seen !== was) callback(seen);
    was = seen;
  }).observe(element);
}
