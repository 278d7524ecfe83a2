// Points that glide from where they are to where they shall be.

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Motion {
  constructor(show) {
    this.show = show;
    this.now = new Float32Array(0);
    this.turn = 0; // counts the glides, so that a new one ends the last
  }

  // Moves to `points` at an even pace within `duration` ms; at once where motion is not wanted.
  to(points, duration) {
    const turn = ++this.turn;
    const from = this.now;
    if (!duration || still.matches || from.length !== points.length) {
      this.now = points;
      this.show(points);
      return;
    }
    const start = performance.now();
    const frame = (time) => {
      if (turn !== this.turn) return;
      const share = Math.min(1, Math.max(0, (time - start) / duration));
      const between = new Float32Array(points.length);
      for (let i = 0; i < points.length; i++) between[i] = from[i] + share * (points[i] - from[i]);
      this.now = share < 1 ? between : points;
      this.show(this.now);
      if (share < 1) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}
