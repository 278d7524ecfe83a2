// One chapter: its text, its figure, a question with an answer, and where to go from there.

import { fact } from "../state/models.js";
import { download, make } from "../ui/elements.js";
import { late } from "../ui/late.js";
import { codeBlock } from "../ui/source.js";

let questions = 0;

// `near` has its number, the chapters before and after it, `turnTo(name)`, and the `signal` that ends
// it. The page has its `element`, and promises the table of what a link says of its figure.
export function chapterPage(chapter, near) {
  const said = make("p", { className: "notice" });
  said.setAttribute("role", "status");
  const stage = make("div", { className: "figure", ariaBusy: "true" });
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", `Figure: ${chapter.title}`);
  const element = make(
    "article",
    { dataset: { chapter: chapter.name } },
    heading(near.number, chapter.title),
    html("text", chapter.text),
    stage,
    said,
    html("text", chapter.more),
    question(chapter),
    onward(chapter),
    make("footer", {}, ...neighbours(near)),
  );
  const lesson = { signal: near.signal, say: (words) => write(said, words) };
  const table = fill(chapter, stage, lesson).catch((error) => {
    write(said, error.message);
    return [];
  });
  return { element, table };
}

// A figure is a script with `mount(element, lesson)`, where `lesson` has `say(words)` for a line
// below it, and the `signal` that ends it. It may give, or promise, what a link says of it.
async function fill({ name }, stage, lesson) {
  try {
    const { mount } = await late(() => import(`./figures/${name}.js`))();
    return (await mount(stage, lesson)) ?? [];
  } finally {
    stage.ariaBusy = "false";
  }
}

function heading(number, title) {
  return make("h3", { tabIndex: -1 }, make("span", { className: "number" }, String(number)), title);
}

function question({ question: asked, answer }) {
  const summary = make("summary", {});
  const id = `question-${++questions}`;
  summary.textContent = "Show the answer";
  summary.setAttribute("aria-describedby", id);
  const asking = html("asking", asked);
  asking.id = id;
  const fold = make("details", {}, summary, html("answer", answer));
  fold.addEventListener("toggle", () => (summary.textContent = fold.open ? "Hide the answer" : "Show the answer"));
  return make("section", { className: "question", ariaLabel: "Question" }, asking, fold);
}

function onward({ tries, code, notebooks }) {
  const links = tries.map(({ words, fragment, note }) => make("li", {}, make("a", { href: `#${fragment}` }, words), note));
  return make(
    "section",
    { className: "onward", ariaLabel: "Go on" },
    make("h4", {}, "Try it"),
    make("ul", {}, ...links),
    ...notebooks.map(notebookLine),
    codeBlock(code),
  );
}

// A notebook for Jupyter or Colab, which a browser can only save.
function notebookLine({ name, words }) {
  const button = make("button", { type: "button", className: "plain" }, `Save ${name}.ipynb`);
  const said = make("span", {});
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      download(await (await fact("notebook", [name])).arrayBuffer(), `${name}.ipynb`, "application/x-ipynb+json");
      write(said, " Saved: open it in Jupyter or Colab.");
    } catch (error) {
      write(said, ` ${error.message}`);
    }
  });
  return make("p", { className: "notebook" }, `${words} `, button, said);
}

function neighbours({ before, after, turnTo }) {
  return [[before, "Back: "], [after, "Next: "]].filter(([to]) => to).map(([to, words]) => {
    const button = make("button", { type: "button", className: "plain" }, words + to.short);
    button.addEventListener("click", () => turnTo(to.name));
    return button;
  });
}

// From our own texts, which the server has made into HTML.
function html(className, content) {
  const element = make("div", { className });
  element.innerHTML = content;
  return element;
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// Two pages without a figure: what the words mean, and who said it first.

/** @type {import("../state/link.js").Declared[]} */
const table = []; // a link says no more than which page it is

export function glossaryPage(glossary) {
  const list = make("dl", { className: "glossary" });
  for (const [word, meaning] of glossary) {
    list.append(make("div", {}, make("dt", {}, word), make("dd", {}, meaning)));
  }
  return { table, element: make("article", {}, make("h3", { tabIndex: -1 }, "Glossary"), list) };
}

export function referencesPage(references) {
  const text = make("div", { className: "text references" });
  text.innerHTML = references;
  return { table, element: make("article", {}, make("h3", { tabIndex: -1 }, "References"), text) };
}
