// A static site: does for the page what Gradio does in the app. See playground/site/document.py.

import { quiet, withoutServer } from "../engine/wire.js";
import { recall } from "../state/memory.js";
import { startsBy } from "../state/models.js";
import { load } from "./loader.js";
import { tabs } from "./tabs.js";

withoutServer(`This needs the app, which you can start on your own computer: ${startsBy()}`);
followSystem();
mountAll(document);
tabs(document.querySelector("#tabs [role=tablist]"), open);
addEventListener("load", () => keepForLater().catch(() => {}));

// What a tab shows comes into the page when it is first opened.
function open(panel) {
  const template = panel.querySelector(":scope > template");
  if (!template) return;
  template.replaceWith(template.content);
  mountAll(panel);
}

function mountAll(part) {
  for (const place of part.querySelectorAll("[data-component]")) {
    const { needs, props } = JSON.parse(place.dataset.component);
    delete place.dataset.component;
    load(place.firstElementChild, needs, { props });
  }
}

// Light or dark as the system is, until the visitor chooses.
function followSystem() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", () => {
    if (recall("theme") === null) document.body.classList.toggle("dark", system.matches);
  });
}

// The site is kept in the browser for when there is no network, where that is allowed: see playground/site/sw.js.
async function keepForLater() {
  await navigator.serviceWorker?.register("sw.js");
  const { active } = (await navigator.serviceWorker?.ready) ?? {};
  await quiet();
  if (!navigator.connection?.saveData) active?.postMessage("rest");
}
