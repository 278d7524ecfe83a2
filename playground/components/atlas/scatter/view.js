// How points become places on the screen: zoom and shift in the plane, and a turn in space.

const CLOSEST = 80; // times as large as what fits
const FARTHEST = 0.5;
const MARGIN = 24; // px kept free around what fits
const REST = { yaw: 0.6, pitch: 0.35 }; // radians; a corner view shows that there is a depth
const DEEP = 1.2; // how much larger points in space may be: few of them lie on the rim
const EYE = 3.2; // distance of the eye from the middle, the points being within 1

export class View {
  constructor() {
    this.width = this.height = 0;
    this.deep = false;
    this.fit();
  }

  fit() {
    this.zoom = 1;
    this.x = this.y = 0; // px from the middle
    this.yaw = this.deep ? REST.yaw : 0;
    this.pitch = this.deep ? REST.pitch : 0;
  }

  // Points with a depth are seen from a corner, and others from the front.
  become(deep) {
    if (deep === this.deep) return;
    this.deep = deep;
    this.fit();
  }

  get unit() {
    return this.zoom * (this.deep ? DEEP : 1) * (Math.min(this.width, this.height) / 2 - MARGIN);
  }

  shift(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.keep();
  }

  turn(dx, dy) {
    this.yaw += dx / 160;
    this.pitch = Math.min(1.5, Math.max(-1.5, this.pitch + dy / 160));
  }

  // Zooms by a factor, leaving what is at (x, y) where it is.
  zoomAt(factor, x = this.width / 2, y = this.height / 2) {
    const before = this.zoom;
    this.zoom = Math.min(CLOSEST, Math.max(FARTHEST, before * factor));
    const change = this.zoom / before;
    const [fromX, fromY] = [x - this.width / 2, y - this.height / 2];
    this.x = fromX - (fromX - this.x) * change;
    this.y = fromY - (fromY - this.y) * change;
    this.keep();
  }

  // Brings a place of the screen to the middle.
  centre([x, y]) {
    this.shift(this.width / 2 - x, this.height / 2 - y);
  }

  // Some of the points stay in sight.
  keep() {
    const most = 1.2 * this.unit;
    this.x = Math.min(most, Math.max(-most, this.x));
    this.y = Math.min(most, Math.max(-most, this.y));
  }

  // Writes x, y and nearness (0 far to 1 near) of every point, three numbers each.
  project(points, places) {
    const { unit } = this;
    const [middleX, middleY] = [this.width / 2 + this.x, this.height / 2 + this.y];
    if (!this.deep) {
      for (let i = 0; i < points.length; i += 3) {
        places[i] = middleX + unit * points[i];
        places[i + 1] = middleY - unit * points[i + 1];
        places[i + 2] = 1;
      }
      return;
    }
    const [sy, cy] = [Math.sin(this.yaw), Math.cos(this.yaw)];
    const [sp, cp] = [Math.sin(this.pitch), Math.cos(this.pitch)];
    for (let i = 0; i < points.length; i += 3) {
      const across = cy * points[i] + sy * points[i + 2];
      const ahead = cy * points[i + 2] - sy * points[i];
      const up = cp * points[i + 1] - sp * ahead;
      const near = sp * points[i + 1] + cp * ahead;
      const scale = (unit * EYE) / (EYE - near);
      places[i] = middleX + scale * across;
      places[i + 1] = middleY - scale * up;
      places[i + 2] = Math.min(1, Math.max(0, (near + 1) / 2));
    }
  }
}

// Points that glide from where they are to where they shall be.

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

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
    if (!duration || still() || from.length !== points.length) {
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
