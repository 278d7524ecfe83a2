"""Map: move through a space of two numbers, and through planes of longer codes."""

import gradio as gr

from .. import text
from ..components.map import map_view
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    gr.Markdown(text.read("map"), elem_classes="lead")
    map_view()


TAB = Tab(title="Map", build=build)
