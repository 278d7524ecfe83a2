"""The component of the Atlas tab."""

import gradio as gr

from ...text import sections
from .. import component


def atlas_view() -> gr.HTML:
    """See `atlas.js`."""
    return component("atlas/atlas", terms=sections("terms"))
