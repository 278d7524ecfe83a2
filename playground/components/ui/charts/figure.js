// What a chart shows, in Plotly's words and in the colours of the theme. Nothing in here is drawn.

import { colour as themed } from "../canvas.js";

/**
 * `read` writes a value with its unit. `over` stands above what the pointer reads.
 * @typedef {{ title?: string, read: (value: number) => string, range?: number[], log?: boolean, ticks?: number[], step?: number, over?: string }} Axis
 *
 * A line; of marks alone, or with marks, by its `mode` and `symbol`. Its colour may be a name of the
 * theme's. `words` are what the pointer reads at each point, `beside` what stands
 * there, on which of its `sides`.
 * @typedef {{ label: string, colour: string, points: number[][], mode?: string, symbol?: string | string[], size?: number,
 *   hollow?: boolean, dash?: string, faint?: boolean, silent?: boolean, unnamed?: boolean, words?: string[], beside?: string[], sides?: string[] }} Line
 *
 * Words at a place; without a `y`, above the lines.
 * @typedef {{ x: number, y?: number, words: string, colour?: string, anchor?: string }} Note
 *
 * Where a cursor can stand; without a `y`, everywhere above its x. `words` are said there,
 * and by its `name`, or else its x, it is found again when the lines have grown.
 * @typedef {{ x: number, y?: number, name?: string, words?: string }} Stop
 *
 * `mark` is where a line goes up through the chart, `at` the stop where the cursor is, if the page says so, and `told`
 * what is told of the whole, if not where the lines end.
 * @typedef {{ x: Axis, y: Axis, lines: Line[], hover?: "x unified" | "closest" | "none", mark?: number, notes?: Note[],
 *   stops?: Stop[], at?: number | null, told?: string }} View
 */

// The traces and the layout of a view, `size` being that of its words.
/** @type {(view: View, width: number, height: number, size: number) => { traces: object[], layout: object }} */
export function figure(view, width, height, size) {
  const { hover = "x unified", mark, notes = [] } = view;
  const above = notes.some(({ y }) => y === undefined);
  const along = (/** @type {number} */ x) => (view.x.log ? Math.log10(x) : x);
  return {
    traces: view.lines.map((line) => traceOf(line, view.y, hover)),
    layout: {
      width,
      height,
      margin: { l: 8, r: 8, t: above ? size + 10 : 8, b: 8 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: "system-ui, sans-serif", size, color: hue("--soft") },
      hovermode: hover === "none" ? "x" : hover,
      hoverdistance: hover === "closest" ? 28 : -1,
      hoverlabel: { bgcolor: hue("--paper"), bordercolor: hue("--rule-strong"), font: { color: hue("--ink") }, align: "left" },
      dragmode: false,
      uirevision: "the same chart", // lines that a visitor has hidden stay hidden
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
      xaxis: axisOf(view.x, size, false),
      yaxis: axisOf(view.y, size, true),
      shapes: mark === undefined ? [] : [{
        type: "line", x0: mark, x1: mark, yref: "paper", y0: 0, y1: 1, line: { color: hue("--accent"), width: 1 },
      }],
      annotations: notes.map(({ x, y, words, colour = "--soft", anchor = "left" }) => ({
        x: along(x),
        text: plain(words),
        showarrow: false,
        xanchor: anchor,
        xshift: anchor === "left" ? 4 : -4,
        font: { color: hue(colour) },
        ...(y === undefined ? { yref: "paper", y: 1, yanchor: "bottom" } : { y }),
      })),
    },
  };
}

/** @type {(line: Line, up: Axis, hover: string) => object} */
function traceOf(line, up, hover) {
  const { label, points, symbol, hollow, faint, silent, beside } = line;
  const colour = hue(line.colour);
  const marked = Array.isArray(symbol) ? symbol : `${symbol}${hollow ? "-open" : ""}`;
  const read = hover === "none" ? { hoverinfo: "none" } : {
    customdata: line.words?.map(plain) ?? points.map(([, y]) => up.read(y)),
    hovertemplate: `%{customdata}${hover === "closest" ? "<extra></extra>" : ""}`,
  };
  return {
    type: "scatter",
    uid: line.unnamed ? undefined : idOf(label),
    name: plain(label),
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
    mode: line.mode ?? (symbol ? "lines+markers" : "lines"),
    opacity: faint ? 0.5 : 1,
    cliponaxis: false,
    showlegend: !line.unnamed,
    line: { color: colour, dash: line.dash ?? "solid", width: faint ? 1.5 : 2 },
    marker: { color: colour, symbol: symbol ? marked : "circle", size: line.size ?? 7, line: { color: colour, width: 1.5 } },
    ...(silent ? { hoverinfo: "skip" } : read),
    ...(beside && { text: beside.map(plain), textposition: line.sides, textfont: { color: hue("--ink") } }),
  };
}

/** @type {(axis: Axis, size: number, ruled: boolean) => object} */
function axisOf({ title = "", range, log = false, ticks, step, over }, size, ruled) {
  return {
    title: { text: title, standoff: 8, font: { size } },
    type: log ? "log" : "linear",
    ...(range && { range: log ? range.map(Math.log10) : range }),
    ...(ticks && { tickvals: ticks, ticktext: ticks.map(String) }),
    ...(step && { dtick: step }),
    ...(over && { unifiedhovertitle: { text: over } }),
    showgrid: ruled,
    gridcolor: hue("--rule"),
    showline: true,
    linecolor: hue("--rule-strong"),
    ticks: "outside",
    tickcolor: hue("--rule-strong"),
    zeroline: false,
    spikecolor: hue("--rule-strong"),
    spikethickness: 1,
    spikedash: "solid",
    automargin: true,
    fixedrange: true, // a page that scrolls by touch must not zoom the chart instead
  };
}

// Names are shown as they are typed; Plotly would take tags in them for its own.
/** @type {(words: string) => string} */
const plain = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "<br>");

// The same of the same name, in letters that Plotly can look for: it writes it into a selector as it is.
/** @type {(name: string) => string} */
const idOf = (name) => Array.from(name, (letter) => letter.codePointAt(0)?.toString(36)).join("-");

const resolver = document.createElement("canvas").getContext("2d");

// A colour as Plotly can read it: one of the theme's by its name, also where the system has a say in it.
/** @type {(name: string) => string} */
function hue(name) {
  if (!resolver) return name;
  resolver.fillStyle = name.startsWith("--") ? themed(name).trim() : name;
  return resolver.fillStyle;
}
