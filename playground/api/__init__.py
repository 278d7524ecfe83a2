"""What the page can do, for programs: one named endpoint a capability; see docs/api.md.

An endpoint is a function of the models and of typed arguments. Its docstring is what people and
language models read about it: Gradio takes the lines under "Arguments:" one by one. It answers by
the functions behind the live routes, with their checks and limits.
"""

from gradio.events import api

from ..store.models import Store
from . import about, atlas, digits, explain, latent, tasks, training, walk
from .endpoint import Work, answering

ENDPOINTS: tuple[Work, ...] = (
    *about.ENDPOINTS,
    *digits.ENDPOINTS,
    *latent.ENDPOINTS,
    *atlas.ENDPOINTS,
    *walk.ENDPOINTS,
    *explain.ENDPOINTS,
    *tasks.ENDPOINTS,
    *training.ENDPOINTS,
)


def add_endpoints(store: Store) -> None:
    """Publishes all of them in the app that is being built."""
    for work in ENDPOINTS:
        # Outside Gradio's queue, so that tools of MCP may return pictures; `answering` limits how
        # many requests are worked on.
        api(answering(work, store), api_name=work.__name__, queue=False, concurrency_limit=None)
