"""The noise controls: kind, strength and pattern."""

import gradio as gr

from . import component


def noise() -> gr.HTML:
    """Native controls, because they must answer while they are dragged."""
    return component("noise")
