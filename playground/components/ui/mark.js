// A model's mark: the same shape and colour on chips, cards and in the plot.

const SVG = "http://www.w3.org/2000/svg";

export function mark({ mark: path, colour, hollow }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-1.3 -1.3 2.6 2.6");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill", hollow ? "none" : colour);
  shape.setAttribute("stroke", colour);
  shape.setAttribute("stroke-width", hollow ? "0.35" : "0.1");
  svg.append(shape);
  return svg;
}
