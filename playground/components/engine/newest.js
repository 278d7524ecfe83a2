// One request in flight, and the newest wins: what came up in between is never sent.

// Returns a function that asks for `send` to run; `busy` hears when it starts and when it is done.
export function newest(send, busy) {
  let running = false;
  let wanted = false;

  async function run() {
    running = true;
    busy(true);
    while (wanted) {
      wanted = false;
      await send();
    }
    busy(false);
    running = false;
  }

  return () => {
    wanted = true;
    if (!running) run();
  };
}
