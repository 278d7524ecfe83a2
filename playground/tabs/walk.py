"""Walk: from digit to digit, and digits from nothing."""

import gradio as gr

from .. import text
from ..components.walk import walk_view
from ..shared import Shared, Tab

CHOSEN = ("vanilla-32", "conv-32", "vae-20")  # who stays on the manifold?


def build(shared: Shared) -> None:
    gr.Markdown(text.read("walk"), elem_classes="lead")
    walk_view(CHOSEN)


TAB = Tab(title="Walk", build=build)
