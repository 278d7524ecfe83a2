"""The component of the Train tab."""

import gradio as gr

from ...text import sections
from .. import component


def train_view() -> gr.HTML:
    """What to train, the runs on show, and all runs of this browser. See `train.js`."""
    return component("train/train", terms=sections("terms"))
