"""Walk: from digit to digit, and digits from nothing."""

import gradio as gr

from .. import text
from ..components.walk import walk_view
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    gr.Markdown(text.read("walk"), elem_classes="lead")
    walk_view()


TAB = Tab(title="Walk", build=build)
