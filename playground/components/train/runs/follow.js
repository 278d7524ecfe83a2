// Follows one run: asks for what is new, often while it trains and seldom while it waits.

import { news } from "../server.js";
import { ACTIVE } from "../words.js";

const OFTEN = 300; // ms between two questions while a run trains
const SELDOM = 1200; // and while it waits or is paused
const MANY = 2000; // lines in a reply, after which there are more
const PATIENT = 3000; // and after one that was not answered

export class Follower {
  // `hear` is called with this follower whenever there is something new.
  constructor(id, hear) {
    this.id = id;
    this.hear = hear;
    this.facts = null;
    this.lines = [];
    this.resumed = 0; // how often lines were taken back
    this.version = null; // of the pictures
    this.pictures = null;
    this.trouble = "";
    this.seen = false;
    this.timer = 0;
    this.asking = false;
  }

  // Whether anybody looks. Nothing is asked for behind another tab.
  sight(seen) {
    this.seen = seen;
    clearTimeout(this.timer);
    if (seen && !this.closed && this.unsettled) this.ask();
  }

  // Something was wished of the run, so it is asked about at once.
  poke() {
    clearTimeout(this.timer);
    this.again = true;
    this.ask();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }

  get unsettled() {
    return !this.facts || [...ACTIVE, "paused"].includes(this.facts.state);
  }

  async ask() {
    if (this.asking || this.closed) return;
    this.asking = true;
    this.again = false;
    let pause = SELDOM;
    try {
      const { id, lines: { length: line }, resumed, version: preview } = this;
      this.take(await news({ id, line, resumed, preview }));
      if (this.facts.state === "running") pause = OFTEN;
      this.trouble = "";
    } catch (error) {
      this.trouble = error.message;
      pause = PATIENT;
    }
    this.asking = false;
    if (this.closed) return;
    this.hear(this);
    if (this.again) this.ask();
    else if (this.seen && (this.unsettled || this.trouble)) this.timer = setTimeout(() => this.ask(), pause);
  }

  take({ lines, from, resumed, preview, pictures, ...facts }) {
    this.facts = facts;
    this.lines = [...this.lines.slice(0, from), ...lines];
    this.resumed = resumed;
    if (lines.length >= MANY) this.again = true;
    if (!Object.keys(pictures).length) return;
    this.version = preview;
    this.pictures = pictures;
  }
}
