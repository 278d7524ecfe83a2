"""The page: its header, the input that all tabs share, and the tabs in order."""

import gradio as gr
from gradio.themes import Base

from .api import add_endpoints
from .components.canvas import canvas
from .components.page import header, noise
from .shared import Shared, Store
from .tabs import TABS

TITLE = "VAE playground"
FILES_KEPT = 3600  # seconds that the pictures of an endpoint can be fetched


def build_app(store: Store) -> gr.Blocks:
    """The whole page over the models of `store`."""
    shared = Shared(store=store)
    with gr.Blocks(
        title=TITLE,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(FILES_KEPT, FILES_KEPT),
    ) as app:
        header()
        with gr.Row(elem_id="zones"):
            with gr.Column(elem_id="input", min_width=0):
                canvas()
                noise()
            with gr.Column(elem_id="stage", min_width=0), gr.Tabs(elem_id="tabs"):
                for tab in TABS:
                    with gr.Tab(tab.title):
                        gr.HTML(f"<h2>{tab.title}</h2>", elem_classes="unseen")
                        tab.build(shared)
        add_endpoints(store)
    return app


def theme() -> Base:
    """System fonts and no decoration; `page.css` does the rest."""
    return Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    )
