"""The drawing canvas: the page's one input, drawn by pen, example, or picture."""

import gradio as gr

from vae_core.strokes import PEN, example_digits

from .. import component

OPENING = "3 round"  # the example that the page opens with, until a stroke replaces it


def canvas() -> gr.HTML:
    """A canvas with its tools. What is drawn stays in the browser; live requests carry it."""
    examples = [
        {"label": example.label, "name": example.name, "strokes": example.strokes}
        for example in example_digits()
    ]
    return component("drawing/canvas", examples=examples, opening=OPENING, pen=PEN)
