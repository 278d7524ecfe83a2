"""Reconstruct: what survives a trip through the code?"""

from base64 import b64decode
from typing import Any

import gradio as gr
import plotly.graph_objects as go

from vae_core.errors import UsageError

from .. import plots
from ..components import component
from ..query import parse
from ..store import Store, explained
from ..styles import DEFAULT_CARDS
from ..text import sections
from .tab import Tab


def plot(request: dict[str, Any] | None, store: Store) -> go.Figure | None:
    """PSNR against the strength of the noise for the drawing of `request`; None without one.

    Arguments:
        request: the header of a live request, and under "ink" its body in base64.

    Raises:
        UsageError: if the request cannot be answered.
    """
    if not isinstance(request, dict) or not request:
        return None
    from vae_core.data.corruption import CORRUPTIONS

    from ..inference.reconstruction import STRENGTHS, psnr_curves

    try:
        ink = b64decode(request["ink"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError("The ink of the request is not base64.") from error
    query = parse(request, ink, store)
    curves = psnr_curves(query.digit, query.noise, [store.get(name) for name in query.models])
    kind = CORRUPTIONS[query.noise.kind].label
    return plots.psnr_plot(STRENGTHS, curves, kind, query.noise.strength, store.look)


def build(store: Store) -> None:
    def settled(event: gr.EventData) -> go.Figure | None:
        with explained():
            try:
                request = event.request
            except (AttributeError, TypeError):  # what came has no such key
                request = None
            return plot(request, store)

    # The event `settle` carries the request that the cards show, once it has come to rest.
    cards = component(
        "reconstruct/cards", events=["settle"], chosen=list(DEFAULT_CARDS), terms=sections("terms")
    )
    gr.Markdown("### How well each model removes the noise from this drawing")
    figure = gr.Plot(show_label=False, container=False, elem_id="psnr-plot")
    cards.settle(
        settled,
        outputs=figure,
        show_progress="hidden",
        trigger_mode="always_last",
        concurrency_limit=2,
        api_visibility="private",
    )


TAB = Tab("Reconstruct", build)
