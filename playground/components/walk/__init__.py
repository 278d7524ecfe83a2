"""The component of the Walk tab."""

import gradio as gr

from ...text import sections
from .. import component


def walk_view() -> gr.HTML:
    """See `walk.js`."""
    return component("walk/walk", terms=sections("terms"))
