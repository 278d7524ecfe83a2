"""What every component builds on, and the two that frame the page: its header and the noise."""

import gradio as gr

from ... import text
from ...lesson import code_of
from ...markup import to_html
from ...steps import steps, tour
from .. import component


def header() -> gr.HTML:
    """The title, then the tabs, then the buttons for a tour, a link, presenter mode and the theme.

    It also explains the words of the glossary, wherever on the page they are marked.
    """
    words = {f"word:{word}": meaning for word, meaning in text.sections("glossary").items()}
    return component(
        "page/header",
        steps=[step._asdict() for step in steps()],
        tour=[stop._asdict() for stop in tour()],
        words=words,
    )


def lead(name: str) -> gr.HTML:
    """The text called `name` above a tab, its words explained."""
    return gr.HTML(to_html(text.read(name), marked=True), elem_classes="lead")


def source(tab: str) -> gr.HTML:
    """The code behind the tab of this name, folded up."""
    return component("ui/source", id=f"source-{tab}", code=code_of(tab))


def noise() -> gr.HTML:
    """The noise controls: native ones, because they must answer while they are dragged."""
    return component("drawing/noise")
