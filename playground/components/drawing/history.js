// What was drawn, as a list of actions: undo drops the last, redo brings it back.

export class History {
  #done = [];
  #undone = [];

  add(action) {
    this.#done.push(action);
    this.#undone = [];
  }

  undo() {
    if (this.canUndo) this.#undone.push(this.#done.pop());
  }

  redo() {
    if (this.canRedo) this.#done.push(this.#undone.pop());
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  get last() {
    return this.#done.at(-1);
  }

  // The actions that can still be seen: all since the canvas was last wiped.
  get visible() {
    const wipes = (action) => ["clear", "strokes", "picture"].includes(action.tool);
    return this.#done.slice(Math.max(0, this.#done.findLastIndex(wipes)));
  }
}
