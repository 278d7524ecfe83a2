// Time: which frame of a film is on show.

const still = matchMedia("(prefers-reduced-motion: reduce)");

// A player of films; `show` hears which frame, and `changed` when it starts or stops.
export class Player {
  constructor(show, changed) {
    this.show = show;
    this.changed = changed;
    this.count = 0; // frames
    this.at = 0;
    this.rate = 12; // frames per second
    this.bounces = true; // or it starts again from the first frame
    this.wants = !still.matches; // whether the visitor wants it to play
    this.seen = false;
    this.back = false; // on the way back
    this.request = 0;
  }

  get playing() {
    return this.wants && this.count > 1;
  }

  // A film of so many frames: it goes on where the last one was.
  load(count) {
    if (count > 1 && this.count > 1) this.at = Math.round((this.at / (this.count - 1)) * (count - 1));
    else this.at = 0;
    this.count = count;
    this.run();
    if (count) this.show(this.at);
  }

  want(plays) {
    this.wants = plays;
    this.run();
    this.changed();
  }

  sight(seen) {
    this.seen = seen;
    this.run();
  }

  // Holds the film at one frame.
  seek(frame) {
    this.at = Math.max(0, Math.min(this.count - 1, frame));
    this.want(false);
    this.show(this.at);
  }

  run() {
    cancelAnimationFrame(this.request);
    if (!this.playing || !this.seen) return;
    let due = performance.now() + 1000 / this.rate;
    const tick = (now) => {
      this.request = requestAnimationFrame(tick);
      if (now < due) return;
      const pause = 1000 / this.rate;
      due = now - due > pause ? now + pause : due + pause; // after a pause it does not catch up
      this.step();
      this.show(this.at);
    };
    this.request = requestAnimationFrame(tick);
  }

  step() {
    const last = this.count - 1;
    if (!this.bounces) {
      this.back = false;
      this.at = (this.at + 1) % this.count;
      return;
    }
    if (this.at >= last) this.back = true;
    if (this.at <= 0) this.back = false;
    this.at += this.back ? -1 : 1;
  }
}
