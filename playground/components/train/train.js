// The Train tab: what to train, the runs on the stage, and all runs of this browser.

import { keepOpened, keepWatched, opened, watched } from "../state/memory.js";
import { about, onModels, runsChanged, served } from "../state/models.js";
import { onSight, onTheme } from "../ui/canvas.js";
import { make, speaker } from "../ui/elements.js";
import { Experiments } from "./experiments.js";
import { Form } from "./form/form.js";
import { Runs } from "./runs/runs.js";
import { Watch } from "./runs/watch.js";
import { call, options } from "./server.js";

const SELDOM = 2000; // ms between two looks at the runs that are not on show
const AGAIN = 3000; // and until a server that did not answer is asked again

export function mount(element, { signal }) {
  const zone = element.querySelector(".train-zone");
  const spoken = make("p", { className: "unseen", role: "status" });
  const notice = make("p", { className: "notice" }, "Asking what can be trained here.");
  zone.append(notice, spoken);
  let parts = null;
  let asked = false;
  let seen = false;
  let timer = 0;
  let declare = null; // hears what a link says of this tab

  const say = speaker(spoken);

  function show(ids, lesson = "") {
    keepWatched(ids);
    parts.watch.teach(lesson);
    parts.watch.show(ids);
    parts.runs.mark(ids);
    if (ids.length) parts.experiments.element.open = false;
  }

  // Starts runs one after the other; those that were started are on show even if a later one is not.
  async function start(recipes, lesson = "") {
    const ids = [];
    try {
      for (const recipe of recipes) {
        const { id } = await call("train-start", recipe);
        ids.push(id);
      }
    } finally {
      if (ids.length) {
        show(ids.slice(-2), lesson);
        await look();
        parts.watch.element.scrollIntoView({ block: "start" });
      }
    }
  }

  // Other runs in the place of those on show, for the same lesson.
  function replace(ids) {
    show(ids, parts.watch.lesson.textContent);
    look();
  }

  async function begin({ sentence, runs }) {
    const { device } = parts.form;
    parts.form.use(runs[0]);
    await start(runs.map((run) => ({ ...run, device })), sentence);
  }

  // A run of a sweep, by its link: from now on it is among those of this browser, until it is closed.
  async function open(id, complain) {
    if (!id) return;
    keepOpened([...opened().filter((each) => each !== id), id]);
    await look();
    if (!parts.runs.runs.some((run) => run.id === id)) {
      complain(`There is no run called “${id.slice(0, 40)}” here.`);
      return;
    }
    show([id]);
    runsChanged();
    parts.watch.element.scrollIntoView({ block: "nearest" });
  }

  // The list of runs, again and again while one of them changes by itself.
  async function look() {
    clearTimeout(timer);
    const answered = await parts.runs.refresh();
    parts.form.avoid(parts.runs.runs.map(({ name }) => name));
    if (seen && (parts.runs.active || !answered)) timer = setTimeout(look, SELDOM);
  }

  function changed({ state }) {
    if (state !== "running" && state !== "waiting") runsChanged();
    look();
  }

  // On a page without a server there is nothing to train with.
  async function fillWithout() {
    try {
      const { showAbsence } = await import("./absent.js");
      declare(await showAbsence(zone, signal));
    } catch (error) {
      notice.textContent = error.message;
      asked = false;
    }
  }

  async function fill() {
    let offer;
    let facts;
    try {
      [offer, facts] = await Promise.all([options(), about()]);
    } catch (error) {
      notice.textContent = error.message;
      if (!signal.aborted) setTimeout(fill, AGAIN);
      return;
    }
    parts = {
      form: new Form(offer, (recipes) => start(recipes)),
      experiments: new Experiments(offer.presets, begin, signal),
      watch: new Watch(facts.classes, { choose: replace, changed, say, signal }),
      runs: new Runs((ids) => show(ids), () => runsChanged()),
    };
    notice.replaceWith(...Object.values(parts).map((part) => part.element));
    onModels(() => {}, signal); // those of its runs are among them
    await look();
    const known = parts.runs.runs.map(({ id }) => id);
    const ids = watched().filter((id) => known.includes(id));
    if (ids.length && !parts.watch.ids.length) show(ids);
    onTheme(() => {
      parts.watch.repaint();
      parts.runs.paint();
    }, signal);
    declare([...parts.form.table, ...parts.experiments.table, { name: "open", kind: "text", default: null, set: open }]);
    sight();
  }

  function sight() {
    const now = seen && document.visibilityState === "visible";
    if (!parts) return;
    parts.watch.sight(now);
    if (now) look();
    else clearTimeout(timer);
  }

  onSight(element, (visible) => {
    const before = seen;
    seen = visible;
    if (seen && !asked) {
      asked = true;
      if (served()) fill();
      else fillWithout();
    } else if (seen !== before) sight();
  }, signal);
  document.addEventListener("visibilitychange", sight, { signal });
  signal.addEventListener("abort", () => {
    seen = false;
    sight();
  });
  return new Promise((resolve) => (declare = resolve));
}
