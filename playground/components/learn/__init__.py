"""The component of the Learn tab: chapters around figures that work."""

import gradio as gr

from ...text import sections
from .. import component


def learn_view() -> gr.HTML:
    """A row of chapters, and the one that is open. See `learn.js`."""
    return component("learn/learn", terms=sections("terms"))
