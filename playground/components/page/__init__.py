"""What every component builds on, and the two that frame the page: its header and the noise."""

import gradio as gr

from .. import component


def header() -> gr.HTML:
    """The title, and the light and dark button. The tabs stand between them."""
    return component("page/header")


def noise() -> gr.HTML:
    """The noise controls: native ones, because they must answer while they are dragged."""
    return component("page/noise")
