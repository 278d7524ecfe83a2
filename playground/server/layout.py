"""The page as Gradio draws it: its header, the input that all tabs share, and the tabs in order."""

import json

import gradio as gr
from gradio.themes import Base

from ..api import add_endpoints
from ..components import Component
from ..components.assets import needs, url
from ..outline import TITLE, canvas, header, heading, sections
from ..store.models import Store

FILES_KEPT = 3600  # seconds that the pictures of an endpoint can be fetched


def build_app(store: Store) -> gr.Blocks:
    """The whole page over the models of `store`."""
    with gr.Blocks(
        title=TITLE,
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(FILES_KEPT, FILES_KEPT),
    ) as app:
        place(header())
        with gr.Row(elem_id="zones"):
            with gr.Column(elem_id="input", min_width=0):
                place(canvas())
            with gr.Column(elem_id="stage", min_width=0), gr.Tabs(elem_id="tabs"):
                for tab, lead, parts in sections(store):
                    with gr.Tab(tab.title, id=tab.name):
                        gr.HTML(heading(tab), elem_classes="unseen")
                        gr.HTML(lead, elem_classes="lead")
                        for part in parts:
                            place(part)
        add_endpoints(store)
    return app


def place(component: Component) -> gr.HTML:
    """The component in Gradio's page, where it is loaded when it is first seen."""
    return gr.HTML(
        html_template=component.markup,
        js_on_load=_loader(component.path),
        apply_default_css=False,
        elem_id=component.id,
        **component.props,
    )


def _loader(path: str) -> str:
    return f"""
        import(new URL('{url("page/loader.js")}', document.baseURI))
            .then(({{ load }}) => load(element, {json.dumps(needs(path))}, {{ props }}));
    """


def theme() -> Base:
    """System fonts and no decoration; `page.css` does the rest."""
    return Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    )
