// What a link says of the Atlas: the model, the kind of map, which classes, and how it is seen.

import { rounded } from "../state/link.js";

const CAMERA = ["zoom", "x", "y", "yaw", "pitch"];
const FAR = 100; // the most that any number of the camera may be
const SOON = 50; // ms until a map that has no size yet is looked at again

export function atlasLink(atlas) {
  const { find, stage: { main: { scatter } } } = atlas;
  const named = (group, value) => [...find(group).querySelectorAll("input")].find((box) => box.value === value);

  return {
    read: () => ({
      models: atlas.model?.name,
      view: atlas.views?.includes(atlas.view) ? atlas.view : null, // a run of t-SNE stays in its page
      beside: find("[name=beside]").checked ? 1 : 0,
      classes: atlas.legend.hidden.includes(true) ? shownOf(atlas.legend).join(",") : null,
      camera: cameraOf(scatter.view).map(rounded).join(","),
    }),

    async apply(link) {
      const good = atlas.models.filter(({ error }) => !error).map(({ name }) => name);
      const [name] = link.names("models", good, 1) ?? [atlas.model?.name];
      const beside = link.choice("beside", ["0", "1"]);
      if (beside) find("[name=beside]").checked = beside === "1";
      const classes = link.names("classes", atlas.legend.hidden.map((_, label) => String(label)));
      atlas.legend.set(atlas.legend.hidden.map((_, label) => classes !== null && !classes.includes(String(label))));
      const view = link.text("view");
      const camera = link.numbers("camera", CAMERA.length, -FAR, FAR);
      if (!name) return;
      if (name !== atlas.model?.name) atlas.take(name);
      named(".chips", name).checked = true;
      await atlas.load(null, 0); // says which kinds of map this model has
      if (view !== null && !atlas.views?.includes(view)) link.wrong(`There is no map of ${name} called “${view.slice(0, 32)}”.`);
      else if (view !== null) await atlas.load(view, 0);
      if (!camera) return;
      while (!scatter.view.width) await new Promise((resolve) => setTimeout(resolve, SOON));
      look(scatter.view, camera);
      scatter.paint();
    },
  };
}

const shownOf = ({ hidden }) => hidden.flatMap((gone, label) => (gone ? [] : [label]));

// Places are shares of the shorter side, so that they mean the same on every screen.
const side = ({ width, height }) => Math.min(width, height) || 1;

function cameraOf(view) {
  return CAMERA.map((name) => (name === "x" || name === "y" ? view[name] / side(view) : view[name]));
}

function look(view, [zoom, x, y, yaw, pitch]) {
  view.fit();
  view.zoomAt(zoom);
  view.shift(x * side(view), y * side(view));
  if (view.deep) Object.assign(view, { yaw, pitch });
}
