"""Training in the page: what can be trained, and the start of a run."""

from typing import Any

from ..runs.options import options as offered
from ..runs.plan import plan
from ..runs.request import RunRequest, StartRequest
from ..runs.summary import start_run
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, unpack
from ..wire.request import read
from . import pictures, train_files, train_sweeps, train_watch
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER


def options(_: bytes, store: Store) -> dict[str, Any]:
    """What can be chosen for a run, with its ranges and defaults."""
    return offered(store.jobs.limits)


def check(message: bytes, store: Store) -> dict[str, Any]:
    """What a run would be, without starting it: its name, its command and its size.

    Raises:
        UsageError: if it could not be started.
    """
    asked = read(RunRequest, unpack(message)[0])
    return plan(asked, store.jobs.limits, store.jobs.pictures).facts()


def start(message: bytes, store: Store) -> dict[str, Any]:
    """Starts a run for the browser called `owner`, or lets it wait for its turn.

    Raises:
        UsageError: if anything in the message is not as it should be, or is beyond a limit.
    """
    asked = read(StartRequest, unpack(message)[0])
    return start_run(asked, store.jobs)


ANSWERS: tuple[Answer, ...] = (
    Answer("train-options", options),
    Answer("train-check", check, LONGEST_QUESTION),
    Answer("train-start", start, LONGEST_QUESTION),
    *train_watch.ANSWERS,
    *train_files.ANSWERS,
    *pictures.ANSWERS,
    train_sweeps.ANSWER,
)
