// The bar at the top: the buttons for links, presenting and the theme, the link that was opened, and
// whether the server has time.

import { server } from "../engine/wire.js";
import { keep, recall } from "../state/memory.js";
import { explain } from "../ui/hints.js";
import { dark, onTheme } from "../ui/theme.js";
import { copyButton, follow } from "./address.js";
import { keepFocus } from "./focus.js";
import { presenter } from "./presenter.js";
import { tour } from "./tour.js";

export function mount(element, { props }) {
  const find = (selector) => element.querySelector(selector);
  const complaint = find(".complaint");
  let saying = 0;

  function say(words, longest) {
    clearTimeout(saying);
    find(".said").textContent = words;
    if (longest) saying = setTimeout(() => say(""), longest);
  }

  function complain(sentences) {
    complaint.querySelector("p").textContent = sentences.length ? `Not all of the link could be used. ${sentences.join(" ")}` : "";
    complaint.querySelector("button").hidden = !sentences.length;
  }

  async function opened() {
    const fragment = location.hash.slice(1);
    if (!fragment.includes("=")) return; // a place on the page, or nothing
    complaint.ariaBusy = "true";
    mark(fragment);
    const sentences = await follow(fragment);
    if (!sentences) return; // another link was opened meanwhile
    complain(sentences);
    complaint.ariaBusy = "false";
  }

  // A step is an address like any other, so the browser's own buttons go through them too.
  function open(fragment) {
    if (location.hash === `#${fragment}`) opened();
    else location.hash = fragment;
  }

  busyNotice(find(".busy"));
  keepFocus();
  find("[data-do=skip]").addEventListener("click", () => {
    document.querySelector("#tabs [role=tab][aria-selected=true]").focus();
  });
  themeButton(find("[data-do=theme]"));
  copyButton(find("[data-do=link]"), find(".address"), say);
  const mark = presenter(find("[data-do=present]"), find(".steps"), props.steps, open);
  tour(find("[data-do=tour]"), find(".tour"), props.tour, open);
  explain(document.querySelector(".gradio-container"), props.words);
  complaint.querySelector("button").addEventListener("click", () => complain([]));
  addEventListener("hashchange", opened);
  opened();
}

// Shows whether the server is busy, as its latest reply had it.
function busyNotice(element) {
  server.addEventListener("busy", ({ detail }) => {
    const words = detail ? "The server is busy, so answers take longer." : "";
    if (element.textContent !== words) element.textContent = words;
  });
}

// Light or dark: the visitor's choice if there is one, else the system's.

const KEY = "theme";

function themeButton(button) {
  // Gradio follows the system; a choice made here outranks it.
  function show() {
    const theme = recall(KEY);
    if (theme) document.body.classList.toggle("dark", theme === "dark");
    button.setAttribute("aria-pressed", String(dark()));
  }

  show();
  onTheme(show);
  button.addEventListener("click", () => {
    keep(KEY, dark() ? "light" : "dark");
    show();
  });
}
