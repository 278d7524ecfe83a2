"""The component of the Map tab."""

import gradio as gr

from ...text import sections
from .. import component


def map_view() -> gr.HTML:
    """See `map.js`."""
    return component("map/map", terms=sections("terms"))
