// Those who want to hear of something. One of them who throws keeps nobody else from hearing it.

/** @template {any[]} News */
export class Listeners {
  /** @type {Set<(...news: News) => unknown>} */
  #callbacks = new Set();

  get size() {
    return this.#callbacks.size;
  }

  // Calls back with all news until `signal` is aborted.
  /**
   * @param {(...news: News) => unknown} callback
   * @param {AbortSignal} signal
   */
  add(callback, signal) {
    if (signal.aborted) return;
    this.#callbacks.add(callback);
    signal.addEventListener("abort", () => this.#callbacks.delete(callback), { once: true });
  }

  /** @param {News} news */
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
