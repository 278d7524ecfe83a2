"""The models that this browser trained."""

from typing import Any

from ..runs.request import RunsRequest
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, unpack
from ..wire.request import read
from .answer import Answer


def about_runs(message: bytes, store: Store) -> dict[str, Any]:
    """The models of this browser's runs, as `inference.facts.models_of_runs` tells of them.

    Raises:
        UsageError: if `owner` is not how a browser is called, or `opened` is no list of ids.
    """
    from ..inference import facts

    asked = read(RunsRequest, unpack(message)[0])
    return {"models": facts.models_of_runs(store, asked.owner, asked.opened)}


ANSWERS: tuple[Answer, ...] = (Answer("about-runs", about_runs, 4 + LONGEST_HEADER),)
