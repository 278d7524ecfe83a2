"""Atlas: where thousands of digits lie in a model's latent space."""

import gradio as gr

from .. import text
from ..components.atlas import atlas_view
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    gr.Markdown(text.read("atlas"), elem_classes="lead")
    atlas_view()


TAB = Tab(title="Atlas", build=build)
