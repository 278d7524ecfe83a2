// Parts of the page that are loaded when they are first needed.

const GONE = "This part of the page cannot be loaded. The page may have been updated since you opened it, or its server be stopped: reload the page.";

// A function that gives what `load` does, a promise, and asks it once. If it fails, it throws an
// Error whose message can be shown to people, and the next call tries again.
/** @type {<Loaded>(load: () => Promise<Loaded>) => () => Promise<Loaded>} */
export function late(load) {
  /** @type {ReturnType<typeof load> | undefined} */
  let loaded;
  return () => {
    loaded ??= load().catch((cause) => {
      loaded = undefined;
      throw new Error(GONE, { cause });
    });
    return loaded;
  };
}
