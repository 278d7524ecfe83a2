"""Train: watch a model learn, and play with it in every other tab."""

import gradio as gr

from .. import text
from ..components.train import train_view
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    gr.Markdown(text.read("train"), elem_classes="lead")
    train_view()


TAB = Tab(title="Train", build=build)
