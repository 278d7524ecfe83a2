// Messages between the page and its workers in bundles: each message costs both sides time, however
// little is in it.

// Posts what is given to it one by one as a list, once all that is going on now has been done.
/** @type {<Message>(post: (bundle: Message[]) => void) => (message: Message) => void} */
export function bundled(post) {
  /** @type {any[]} */
  let waiting = [];
  return (message) => {
    waiting.push(message);
    if (waiting.length > 1) return;
    queueMicrotask(() => {
      const bundle = waiting;
      waiting = [];
      post(bundle);
    });
  };
}
