"""What every component builds on, and the two that frame the page: its header and the noise."""

import gradio as gr

from ...steps import steps
from .. import component


def header() -> gr.HTML:
    """The title, then the tabs, then the buttons for a link, presenter mode, and light or dark."""
    return component("page/header", steps=[step._asdict() for step in steps()])


def noise() -> gr.HTML:
    """The noise controls: native ones, because they must answer while they are dragged."""
    return component("page/noise")
