"""The page's header: its title, and the light and dark button. The tabs sit between them."""

import gradio as gr

from . import component


def header() -> gr.HTML:
    return component("header")
