// A static site: does for the page what Gradio does in the app. See playground/site/document.py.

import { withoutServer } from "../engine/wire.js";
import { recall } from "../state/memory.js";
import { startsBy } from "../state/models.js";
import { load } from "./loader.js";
import { tabs } from "./tabs.js";

withoutServer(`This needs the app, which you can start on your own computer: ${startsBy()}`);
followSystem();
mountAll(document);
tabs(document.querySelector("#tabs [role=tablist]"), open);

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
