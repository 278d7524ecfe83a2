"""What the page can do, for programs: one named endpoint a capability; see docs/api.md.

An endpoint is a function of the models and of typed arguments. Its docstring is what people and
language models read about it: Gradio takes the lines under "Arguments:" one by one. It answers by
the functions behind the live routes, with their checks and limits.
"""

from typing import Any

import gradio as gr
from gradio.context import get_blocks_context
from gradio.events import api

from ..store import Store
from . import about, atlas, digits, explain, latent, training, walk
from .endpoint import Work, answering

ENDPOINTS: tuple[Work, ...] = (
    *about.ENDPOINTS,
    *digits.ENDPOINTS,
    *latent.ENDPOINTS,
    *atlas.ENDPOINTS,
    *walk.ENDPOINTS,
    *explain.ENDPOINTS,
    *training.ENDPOINTS,
)


def add_endpoints(store: Store) -> None:
    """Publishes all of them in the app that is being built."""
    page = get_blocks_context()
    assert page is not None
    for work in ENDPOINTS:
        # Outside Gradio's queue, so that tools of MCP may return pictures; `answering` limits how
        # many requests are worked on.
        published = api(
            answering(work, store), api_name=work.__name__, queue=False, concurrency_limit=None
        )
        for id in published["inputs"]:
            # Gradio would fetch whatever address a request names as a file, and keep it.
            page.blocks[id].async_move_resource_to_block_cache = _refuse  # type: ignore[method-assign]


async def _refuse(_: Any) -> None:
    raise gr.Error("Files are sent as text in base64, not by address.", print_exception=False)
