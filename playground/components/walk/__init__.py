"""The component of the Walk tab: films between digits, samples, and sums of digits."""

from collections.abc import Sequence

import gradio as gr

from ...text import sections
from .. import component


def walk_view(chosen: Sequence[str]) -> gr.HTML:
    """Three parts behind one switch, all of them over the same chosen models. See `walk.js`."""
    return component("walk/walk", chosen=list(chosen), terms=sections("terms"))
