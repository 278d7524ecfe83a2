// The value below which a share of N(0, 1) lies, as exactly as doubles say it. Mirrors
// torch.special.ndtri, which is that of Cephes (Moshier).

/** @type {(coefficients: number[], x: number) => number} */
const polynomial = (coefficients, x) => coefficients.reduce((sum, each) => sum * x + each);

const EDGE = 0.1353352832366127; // exp(-2)

const MIDDLE = [
  [-59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968, -1.2391658386738125],
  [
    1, 1.9544885833814176, 4.676279128988815, 86.36024213908905, -225.46268785411937,
    200.26021238006066, -82.03722561683334, 15.90562251262117, -1.1833162112133,
  ],
];
const TAIL = [
  [
    4.0554489230596245, 31.525109459989388, 57.16281922464213, 44.08050738932008, 14.684956192885803,
    2.1866330685079025, -0.1402560791713545, -0.03504246268278482, -0.0008574567851546854,
  ],
  [
    1, 15.779988325646675, 45.39076351288792, 41.3172038254672, 15.04253856929075,
    2.504649462083094, -0.14218292285478779, -0.03808064076915783, -0.0009332594808954574,
  ],
];

/** @type {(share: number) => number} */
export function quantile(share) {
  if (share > 1 - EDGE) return -lower(1 - share);
  return share > EDGE ? middle(share - 0.5) : lower(share);
}

/** @type {(away: number) => number} */
function middle(away) {
  const square = away * away;
  const curve = (square * polynomial(MIDDLE[0], square)) / polynomial(MIDDLE[1], square);
  return (away + away * curve) * Math.sqrt(2 * Math.PI);
}

// For shares from exp(-32) up to exp(-2).
/** @type {(share: number) => number} */
function lower(share) {
  const x = Math.sqrt(-2 * Math.log(share));
  const inverse = 1 / x;
  return -(x - Math.log(x) / x - (inverse * polynomial(TAIL[0], inverse)) / polynomial(TAIL[1], inverse));
}
