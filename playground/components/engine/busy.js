// A server with more visitors than it can answer says when to ask again; the page says so too.

const SPREAD = 0.5; // of the time: or all who were refused would come back together

// A request that the server had no time for. `again` is in how many ms to ask again.
export class Busy extends Error {
  constructor(sentence, seconds) {
    super(sentence);
    this.again = 1000 * seconds * (1 + SPREAD * Math.random());
  }
}

// The refusal in a reply, if it is one: of the server itself, or of a proxy before it.
export function refusal(response, sentence) {
  const seconds = Number(response.headers.get("Retry-After"));
  if (![429, 503].includes(response.status) || !(seconds > 0)) return null;
  tell(true);
  return new Busy(sentence ?? "The server is busy.", seconds);
}

export function pause(busy) {
  return new Promise((resolve) => setTimeout(resolve, busy.again));
}

// Says to the page whether the server is busy, as its latest reply had it.
export function tell(busy) {
  document.dispatchEvent(new CustomEvent("busy", { detail: busy }));
}

// Shows it, for as long as it is so.
export function busyNotice(element) {
  document.addEventListener("busy", ({ detail }) => {
    const words = detail ? "The server is busy, so answers take longer." : "";
    if (element.textContent !== words) element.textContent = words;
  });
}
