// What a link says of the Atlas: the model, the kind of map, which classes, and how it is seen.

import { NOTHING, PIXELS } from "./beside.js";

const CAMERA = ["zoom", "x", "y", "yaw", "pitch"];
const FAR = 100; // the most that any number of the camera may be
const WRITTEN = new Map([[NOTHING, "0"], [PIXELS, "1"]]); // as links said it when it was one or the other
const READ = new Map([...WRITTEN].map(([name, written]) => [written, name]));
const SOON = 50; // ms until a map that has no size yet is looked at again

export function atlasTable(atlas) {
  const { legend, stage: { main: { scatter } } } = atlas;
  const classes = legend.hidden.map((_, label) => String(label));

  // Without a kind of map that of the model which is always there. First it is asked which there are.
  async function showView(view, complain) {
    if (!atlas.model) return;
    await atlas.load(null, 0);
    if (view === null) return;
    if (atlas.views?.includes(view)) await atlas.load(view, 0);
    else complain(`There is no map of ${atlas.model.name} called “${view.slice(0, 32)}”.`);
  }

  // What may not stand beside the model gives way to what may.
  function showBeside(name) {
    atlas.beside.value = READ.get(name) ?? name;
    atlas.offerBeside();
  }

  return [
    { name: "models", kind: "names", names: () => atlas.models.filter(({ error }) => !error).map(({ name }) => name), most: 1, get: () => atlas.model && [atlas.model.name], set: ([name]) => name && name !== atlas.model?.name && atlas.take(name) },
    { name: "view", kind: "text", default: null, get: () => (atlas.views?.includes(atlas.view) ? atlas.view : null), set: showView }, // a run of t-SNE stays in its page
    { name: "beside", kind: "choice", names: () => ["0", "1", ...atlas.models.map(({ name }) => name)], get: () => WRITTEN.get(atlas.beside.value) ?? atlas.beside.value, set: showBeside },
    { name: "classes", kind: "names", names: classes, default: classes, get: () => classes.filter((_, label) => !legend.hidden[label]), set: (shown) => legend.set(classes.map((name) => !shown.includes(name))) },
    { name: "camera", kind: "numbers", count: CAMERA.length, range: [-FAR, FAR], get: () => cameraOf(scatter.view), set: (camera) => look(scatter, camera) },
  ];
}

// Places are shares of the shorter side, so that they mean the same on every screen.
const side = ({ width, height }) => Math.min(width, height) || 1;

function cameraOf(view) {
  return CAMERA.map((name) => (name === "x" || name === "y" ? view[name] / side(view) : view[name]));
}

async function look(scatter, [zoom, x, y, yaw, pitch]) {
  const { view } = scatter;
  while (!view.width) await new Promise((resolve) => setTimeout(resolve, SOON));
  view.fit();
  view.zoomAt(zoom);
  view.shift(x * side(view), y * side(view));
  if (view.deep) Object.assign(view, { yaw, pitch });
  scatter.paint();
}
