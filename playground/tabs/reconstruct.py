"""Reconstruct: what survives a trip through the code?"""

from base64 import b64decode

import gradio as gr
import plotly.graph_objects as go

from .. import figures, live, text
from ..components.cards import cards
from ..looks import DEFAULT_CARDS
from ..shared import Shared, Store, Tab
from ..wire import pack


def plot(request: dict | None, store: Store) -> go.Figure | None:
    """PSNR against the strength of the noise for the drawing of `request`; None without one.

    Raises:
        UsageError: if the request cannot be answered.
    """
    if request is None:
        return None
    from vae_core.corruption import CORRUPTIONS

    from ..compare import STRENGTHS, psnr_curves

    header = {key: value for key, value in request.items() if key != "ink"}
    query = live.parse(pack(header, b64decode(request["ink"])), store)
    curves = psnr_curves(query.digit, query.noise, [store.get(name) for name in query.models])
    kind = CORRUPTIONS[query.noise.kind].label.lower()
    return figures.psnr_plot(STRENGTHS, curves, kind, query.noise.strength)


def build(shared: Shared) -> None:
    def settled(event: gr.EventData) -> go.Figure | None:
        return plot(event._data.get("request"), shared.store)

    gr.Markdown(text.read("reconstruct"), elem_classes="lead")
    strip = cards(DEFAULT_CARDS)
    gr.Markdown("### How well each model removes the noise from this drawing")
    figure = gr.Plot(show_label=False, container=False, elem_id="psnr-plot")
    strip.settle(
        settled,
        outputs=figure,
        show_progress="hidden",
        trigger_mode="always_last",
        concurrency_limit=2,
        api_visibility="private",
    )


TAB = Tab(title="Reconstruct", build=build)
