// Two pages without a figure: what the words mean, and who said it first.

import { make } from "../ui/make.js";

const empty = { ready: Promise.resolve(), read: () => ({}), apply() {} };

export function glossaryPage(glossary) {
  const list = make("dl", { className: "glossary" });
  for (const [word, meaning] of glossary) {
    list.append(make("div", {}, make("dt", {}, word), make("dd", {}, meaning)));
  }
  return { ...empty, element: make("article", {}, make("h3", { tabIndex: -1 }, "Glossary"), list) };
}

export function referencesPage(references) {
  const text = make("div", { className: "text references" });
  text.innerHTML = references;
  return { ...empty, element: make("article", {}, make("h3", { tabIndex: -1 }, "References"), text) };
}
