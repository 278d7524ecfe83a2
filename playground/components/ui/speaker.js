// Words for those who listen instead of look: the newest, and at most once a second.

const PAUSE = 1000; // ms from one sentence to the next
const SOON = 300; // ms in which what follows replaces what was to be said

// Gives back a function that says a sentence in `element`, a live region.
export function speaker(element) {
  let wanted = "";
  let timer = 0;
  let free = 0; // when the next sentence may come

  function say() {
    timer = 0;
    free = performance.now() + PAUSE;
    if (element.textContent !== wanted) element.textContent = wanted;
  }

  return (sentence) => {
    wanted = sentence;
    timer ||= setTimeout(say, Math.max(SOON, free - performance.now()));
  };
}
