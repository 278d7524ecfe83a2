"""What the page can offer: the models in order, the kinds of noise, the classes."""

from typing import Any

from vae_core.data.palette import CLASS_COLOURS

from ..request import read
from ..runs.request import RunsRequest
from ..store import Store
from ..wire import LONGEST_HEADER, unpack
from .answer import Answer


def about(_: bytes, store: Store) -> dict[str, Any]:
    """What the page needs to know before it can ask for anything else."""
    from ..inference import facts

    return {
        "models": facts.models(store),
        "noises": facts.noises(),
        "classes": list(CLASS_COLOURS),
    }


def about_runs(message: bytes, store: Store) -> dict[str, Any]:
    """The models of this browser's runs, as `inference.facts.models_of_runs` tells of them.

    Raises:
        UsageError: if `owner` is not how a browser is called, or `opened` is no list of ids.
    """
    from ..inference import facts

    asked = read(RunsRequest, unpack(message)[0])
    return {"models": facts.models_of_runs(store, asked.owner, asked.opened)}


ANSWERS: tuple[Answer, ...] = (
    Answer("about", about),
    Answer("about-runs", about_runs, 4 + LONGEST_HEADER),
)
