// Where the parts of the graph lie: in a row where there is room, from top to bottom on a phone.
// A node is at its middle. An edge is a path from one to the other, and the place of its number.

export const WIDE = {
  width: 900,
  height: 292,
  nodes: {
    image: [34, 116], encoder: [124, 116], mean: [262, 62], logVar: [262, 170], epsilon: [420, 34],
    code: [420, 116], decoder: [568, 116], picture: [694, 116], distortion: [822, 116],
    rate: [568, 250], loss: [822, 250],
  },
  edges: {
    "image encoder": ["M64,116 H88", [76, 82]],
    "encoder mean": ["M160,106 C184,96 182,62 208,62", [202, 40, "end"]],
    "encoder logVar": ["M160,126 C184,136 182,170 208,170", [202, 202, "end"]],
    "mean code": ["M316,62 C350,62 340,108 368,110", [350, 76, "start"]],
    "logVar code": ["M316,168 C350,166 340,126 368,122", [350, 166, "start"]],
    "epsilon code": ["M420,54 V96", [428, 80, "start"]],
    "code decoder": ["M472,116 H532", [502, 88]],
    "decoder picture": ["M604,116 H664", [634, 106]],
    "picture distortion": ["M724,116 H768", [746, 104]],
    "mean rate": ["M304,81 C346,150 360,236 514,246", [420, 216, "start"]],
    "logVar rate": ["M262,190 C266,250 340,256 514,256", [370, 276]],
    "distortion loss": ["M822,136 V230", [830, 186, "start"]],
    "rate loss": ["M622,250 H768", [696, 240]],
  },
};

export const TALL = {
  width: 328,
  height: 690,
  nodes: {
    image: [56, 40], encoder: [164, 40], mean: [82, 140], logVar: [246, 140], epsilon: [54, 232],
    code: [182, 232], decoder: [164, 334], picture: [164, 440], distortion: [164, 546],
    rate: [268, 440], loss: [216, 648],
  },
  edges: {
    "image encoder": ["M86,40 H128", [107, 30]],
    "encoder mean": ["M150,80 C146,100 104,96 96,120", [2, 100, "start"]],
    "encoder logVar": ["M178,80 C184,100 222,96 232,120", [238, 104, "start"]],
    "mean code": ["M90,160 C96,190 150,186 160,212", [2, 190, "start"]],
    "logVar code": ["M232,160 C224,190 212,186 204,212", [212, 200, "end"]],
    "epsilon code": ["M106,232 H130", [118, 222]],
    "code decoder": ["M182,252 C182,272 164,272 164,294", [158, 278, "end"]],
    "decoder picture": ["M164,374 V410", [154, 397, "end"]],
    "picture distortion": ["M164,488 V526", [158, 510, "end"]],
    "mean rate": ["M132,150 C200,176 236,190 256,420", [258, 391, "end"]],
    "logVar rate": ["M276,160 C306,230 306,340 284,420", [326, 192, "end"]],
    "distortion loss": ["M164,566 C168,600 184,600 196,628", [164, 604, "end"]],
    "rate loss": ["M268,460 C270,540 250,580 234,628", [268, 560, "start"]],
  },
};

// SVG elements in one line each.

const SVG = "http://www.w3.org/2000/svg";

export function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
