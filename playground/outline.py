"""What the page is made of, whoever draws it: Gradio, or a file for a static site."""

from typing import NamedTuple
from urllib.parse import quote

from vae_core.data.strokes import PEN, example_digits

from .components import Component, component
from .store.models import Store
from .tabs import TABS
from .tabs.tab import Tab
from .text import read
from .text.chapters import code_of
from .text.markdown import to_html

TITLE = "VAE playground"
OPENING = "4 open"  # the example that the page opens with, until a stroke replaces it


class Section(NamedTuple):
    """A tab as it stands on the page.

    Attributes:
        tab: its name and its icon.
        lead: HTML, what to look for.
        parts: what fills it, from the top.
    """

    tab: Tab
    lead: str
    parts: list[Component]


def sections(store: Store) -> list[Section]:
    """The tabs in order, over the models of `store`."""
    return [
        Section(tab, to_html(read(tab.name), marked=True), [tab.build(store), *_code(tab)])
        for tab in TABS
    ]


def _code(tab: Tab) -> list[Component]:
    code = code_of(tab.name)
    return [component("ui/source", id=f"source-{tab.name}", code=code)] if code else []


def header() -> Component:
    """The title, then the tabs, then the buttons for a tour, a link, presenter mode and the theme.

    It also explains terms and the words of the glossary, wherever on the page they are marked.
    """
    return component("page/header")


def canvas() -> Component:
    """The page's one input, drawn by pen, example, or picture. What is drawn stays in the browser."""
    examples = [
        {"label": example.label, "name": example.name, "strokes": example.strokes}
        for example in example_digits()
    ]
    return component("drawing/canvas", examples=examples, opening=OPENING, pen=PEN)


def heading(tab: Tab) -> str:
    """A tab's heading, which only those who listen hear: the bar shows it to all others."""
    return f"<h2>{tab.title}</h2>"


def icons() -> str:
    """A style sheet with the tabs' icons, which are drawn in the colour of their names."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none" stroke="#000" '
        'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="{}"/></svg>'
    )
    rules = (
        f'[data-tab-id="{tab.name}"]{{--icon:url("data:image/svg+xml,{quote(svg.format(tab.icon))}")}}'
        for tab in TABS
    )
    return f"<style>{''.join(rules)}</style>"
