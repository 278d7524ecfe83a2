// The Learn tab: a row of chapters and the one that is open. What a chapter says is Markdown in
// text/learn; its figure is the script of its name in figures/, loaded when it is first opened.

import { fact } from "../state/models.js";
import { onSight } from "../ui/canvas.js";
import { make } from "../ui/elements.js";
import { chapterPage, glossaryPage, referencesPage } from "./pages.js";

export function mount(element, { signal }) {
  const find = (selector) => element.querySelector(selector);
  const pages = new Map(); // name -> { button, build, page }
  let open = "";
  let asked = false;

  function show(name) {
    const { button, build } = pages.get(name);
    const shown = (pages.get(name).page ??= build());
    if (!shown.element.isConnected) find(".pages").append(shown.element);
    for (const [other, { page, button: its }] of pages) {
      its.ariaCurrent = String(other === name);
      if (page) page.element.hidden = other !== name;
    }
    open = name;
    // Its row alone: the page stays where it is.
    const row = find(".chapters");
    row.scrollLeft = button.offsetLeft - (row.clientWidth - button.offsetWidth) / 2;
    return shown;
  }

  // To another chapter by a button at the end of one: its heading is what comes next.
  function turnTo(name) {
    const { element: page } = show(name);
    page.querySelector("h3").focus({ preventScroll: true });
    find(".chapters").scrollIntoView({ block: "nearest" });
  }

  function add(name, words, build) {
    const button = make("button", { type: "button" }, ...words);
    button.addEventListener("click", () => show(name));
    pages.set(name, { button, build, page: null });
    find(".chapters").append(button);
  }

  function fill({ chapters, glossary, references }) {
    chapters.forEach((chapter, i) => {
      const near = { number: i + 1, before: chapters[i - 1], after: chapters[i + 1], turnTo, signal };
      const number = make("span", { className: "number" }, String(i + 1));
      add(chapter.name, [number, chapter.short], () => chapterPage(chapter, near));
    });
    add("glossary", ["Glossary"], () => glossaryPage(glossary));
    add("references", ["References"], () => referencesPage(references));
    find(".notice").textContent = "";
    show(chapters[0].name);
    return [{ name: "chapter", kind: "choice", names: [...pages.keys()], step: true, get: () => open, set: show, then: () => pages.get(open).page.table }];
  }

  return new Promise((declare) => {
    onSight(element, async (seen) => {
      if (!seen || asked) return;
      asked = true;
      try {
        declare(fill(await (await fact("lesson")).json()));
      } catch (error) {
        find(".notice").textContent = error.message;
        asked = false;
      }
    }, signal);
  });
}
