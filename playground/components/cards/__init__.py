"""The strip of cards: what each chosen model makes of the drawing."""

from collections.abc import Sequence

import gradio as gr

from ...text import sections
from .. import component


def cards(chosen: Sequence[str]) -> gr.HTML:
    """One card a model, redrawn while the pen moves.

    When the drawing, the noise or the choice has come to rest, the event `settle` carries the
    request that the cards show, ready for `query.parse`.
    """
    return component(
        "reconstruct/cards", events=["settle"], chosen=list(chosen), terms=sections("terms")
    )
