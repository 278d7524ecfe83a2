// One request in flight, and the newest wins: what came up in between is never sent.

export function newest(send) {
  let busy = false;
  let wanted = false;

  async function run() {
    busy = true;
    while (wanted) {
      wanted = false;
      await send();
    }
    busy = false;
  }

  return () => {
    wanted = true;
    if (!busy) run();
  };
}
