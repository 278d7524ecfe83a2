// Those who want to hear of something. One of them who throws keeps nobody else from hearing it.

export class Listeners {
  #callbacks = new Set();

  get size() {
    return this.#callbacks.size;
  }

  // Calls back with all news until `signal` is aborted.
  add(callback, signal) {
    if (signal.aborted) return;
    this.#callbacks.add(callback);
    signal.addEventListener("abort", () => this.#callbacks.delete(callback), { once: true });
  }

  tell(...news) {
    for (const callback of [...this.#callbacks]) {
      try {
        callback(...news);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
