"""Reconstruct: what survives a trip through the code?"""

from base64 import b64decode
from typing import Any

import gradio as gr
import plotly.graph_objects as go

from vae_core.errors import UsageError

from .. import plots
from ..components import component
from ..live.reconstruct import ReconstructRequest
from ..request import read
from ..store import Store, explained
from ..styles import DEFAULT_CARDS
from ..text import sections
from .tab import Tab


class PlotRequest(ReconstructRequest):
    """The request that the cards show."""

    ink: str  # in base64


def plot(request: dict[str, Any] | None, store: Store) -> go.Figure | None:
    """PSNR against the strength of the noise for the drawing of `request`; None without one.

    Arguments:
        request: a `PlotRequest` as plain data.

    Raises:
        UsageError: if the request cannot be answered.
    """
    if not isinstance(request, dict) or not request:
        return None
    from vae_core.data.corruption import CORRUPTIONS

    from ..inference.reconstruction import STRENGTHS, psnr_curves

    asked = read(PlotRequest, request, store)
    try:
        ink = b64decode(asked.ink, validate=True)
    except ValueError as error:
        raise UsageError("The ink of the request is not base64.") from error
    task = asked.task(ink, store)
    curves = psnr_curves(task.digit, task.noise, task.models)
    kind = CORRUPTIONS[task.noise.kind].label
    return plots.psnr_plot(STRENGTHS, curves, kind, task.noise.strength, store.look)


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
