"""The page: its header, the input that all tabs share, and the tabs in order."""

from urllib.parse import quote

import gradio as gr
from gradio.themes import Base

from vae_core.data.strokes import PEN, example_digits

from .api import add_endpoints
from .components import component
from .store import Store
from .tabs import TABS
from .text import read
from .text.chapters import code_of
from .text.markdown import to_html

TITLE = "VAE playground"
FILES_KEPT = 3600  # seconds that the pictures of an endpoint can be fetched
OPENING = "4 open"  # the example that the page opens with, until a stroke replaces it


def build_app(store: Store) -> gr.Blocks:
    """The whole page over the models of `store`."""
    with gr.Blocks(
        title=TITLE,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(FILES_KEPT, FILES_KEPT),
    ) as app:
        header()
        with gr.Row(elem_id="zones"):
            with gr.Column(elem_id="input", min_width=0):
                canvas()
            with gr.Column(elem_id="stage", min_width=0), gr.Tabs(elem_id="tabs"):
                for tab in TABS:
                    with gr.Tab(tab.title, id=tab.name):
                        gr.HTML(f"<h2>{tab.title}</h2>", elem_classes="unseen")
                        gr.HTML(to_html(read(tab.name), marked=True), elem_classes="lead")
                        tab.build(store)
                        if code := code_of(tab.name):
                            component("ui/source", id=f"source-{tab.name}", code=code)
        add_endpoints(store)
    return app


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


def header() -> gr.HTML:
    """The title, then the tabs, then the buttons for a tour, a link, presenter mode and the theme.

    It also explains terms and the words of the glossary, wherever on the page they are marked.
    """
    return component("page/header")


def canvas() -> gr.HTML:
    """The page's one input, drawn by pen, example, or picture. What is drawn stays in the browser."""
    examples = [
        {"label": example.label, "name": example.name, "strokes": example.strokes}
        for example in example_digits()
    ]
    return component("drawing/canvas", examples=examples, opening=OPENING, pen=PEN)


def theme() -> Base:
    """System fonts and no decoration; `page.css` does the rest."""
    return Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    )
