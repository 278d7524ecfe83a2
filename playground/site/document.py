"""The page as one HTML file, which holds what Gradio would put together in the browser.

The classes and roles are those that Gradio gives the same parts, so that one set of style sheets and
scripts fits both.
"""

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path

from ..components import Component, assets
from ..outline import TITLE, Section, canvas, header, heading, icons, sections
from ..store.models import Store

HERE = Path(__file__).parent
COMMAND = "pip install -r requirements.txt && python app.py"  # what starts the app
MARK = '<meta name="generator" content="vae-playground">'
SCRIPT = "page/site.js"  # what does Gradio's part
DESCRIPTION = "Draw a digit, and see what a dozen autoencoders make of it, in your browser."
# Before anything is painted: a page that turns dark later flashes.
THEME = """<script>
{
  let theme = null;
  try { theme = localStorage.getItem("theme"); } catch { /* storage is switched off */ }
  if (theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches) document.body.classList.add("dark");
}
</script>"""


# A frame that is nobody's gets no scripts of files: a browser asks their server whether it may.
NO_SCRIPTS = """<noscript><p class="no-scripts">This page draws with JavaScript, which is switched off here.</p></noscript>
<script>
if (origin === "null") {
  const said = document.createElement("p");
  said.className = "no-scripts";
  said.textContent = 'This frame lets the page load none of its scripts. Its sandbox needs "allow-scripts allow-same-origin". ';
  const link = Object.assign(document.createElement("a"), { href: location.href, target: "_blank", textContent: "Open the page in a tab of its own" });
  said.append(link);
  document.body.prepend(said);
}
</script>"""


def page(store: Store, facts: str) -> str:
    """The page over the models of `store`.

    Arguments:
        facts: the version of the facts, which stands in their addresses.
    """
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{TITLE}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{DESCRIPTION}">
{MARK}
<link rel="icon" href="data:,">
<meta name="app" content="{escape(COMMAND)}">
<style>@layer gradio {{
{(HERE / "base.css").read_text(encoding="utf-8")}}}</style>
{assets.head(facts)}
{icons()}
{_early()}
</head>
<body>
{THEME}
{NO_SCRIPTS}
<div class="gradio-container"><main class="app"><div class="contain"><div class="column">
{_place(header())}
<div id="zones">
<div id="input" class="column">{_place(canvas())}</div>
<div id="stage" class="column"><div id="tabs" class="tabs">
{_tabs(sections(store))}
</div></div>
</div>
</div></div></main></div>
</body>
</html>
"""


def _early() -> str:
    scripts = [name for name in assets.imported(SCRIPT) if name not in assets.EARLY]
    preloads = "".join(f'<link rel="modulepreload" href="{assets.url(name)}">' for name in scripts)
    return f'{preloads}\n<script type="module" src="{assets.url(SCRIPT)}"></script>'


def _tabs(listed: Iterable[Section]) -> str:
    """The bar, and a panel for each tab, whose content comes into the page when it is first opened."""
    buttons = []
    panels = []
    for i, (tab, lead, parts) in enumerate(listed):
        chosen = i == 0
        buttons.append(
            f'<button type="button" role="tab" id="{tab.name}-tab" data-tab-id="{tab.name}" '
            f'aria-controls="{tab.name}-panel" aria-selected="{str(chosen).lower()}" '
            f'tabindex="{0 if chosen else -1}"{" class=selected" if chosen else ""}>{tab.title}</button>'
        )
        content = [
            _framed(heading(tab), "unseen"),
            _framed(lead, "lead"),
            *(_place(part) for part in parts),
        ]
        panels.append(
            f'<div role="tabpanel" class="tabitem" id="{tab.name}-panel" '
            f'aria-labelledby="{tab.name}-tab"{"" if chosen else " hidden"}>'
            f'<template><div class="column">{"".join(content)}</div></template></div>'
        )
    return (
        '<div class="tab-wrapper"><div class="tab-container" role="tablist">'
        f"{''.join(buttons)}</div></div>\n" + "\n".join(panels)
    )


def _place(component: Component) -> str:
    """Where a component goes, with its markup, and all that its script needs."""
    path, id, props = component
    data = {"needs": assets.needs(path), "props": props}
    return (
        f'<div id="{id}" class="block" data-component=\'{_attribute(data)}\'>'
        f'<div class="html-container">{component.markup}</div></div>'
    )


def _attribute(data: object) -> str:
    """As JSON between single quotes, where its own double ones need no escape."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")


def _framed(html: str, name: str) -> str:
    return f'<div class="block {name}"><div class="html-container"><div class="prose {name}">{html}</div></div></div>'
