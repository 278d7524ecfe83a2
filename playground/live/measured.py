"""What was measured ahead: the shipped models on test images, and the race of three trainings."""

from typing import Any

from .. import measured as tables
from ..store import Store
from ..wire import pack
from .answer import Answer


def measured(_: bytes, store: Store) -> dict[str, Any]:
    """The numbers of `checkpoints/metrics.json` by model.

    Raises:
        UsageError: if they are not there, or damaged.
    """
    return {"models": tables.shipped(store)}


def race(_: bytes, store: Store) -> bytes:
    """The curves of the race, and what each run made of ten digits at its snapshots.

    For each of the `runs` the header has its name, the `kind` of its model, its parameters, what
    it ran on, the epochs of its `snapshots`, and a line for each epoch: its number, the seconds
    so far, and the four quantities of `nats`. The body is the ten digits, and then those of each run and snapshot,
    a byte a pixel.

    Raises:
        UsageError: if the race was not run, or its files are damaged.
    """
    found = tables.race(store)
    count, side = found.originals.shape[:2]
    header = {"side": side, "count": count, "nats": list(tables.NATS), "runs": found.runs}
    drawn = b"".join(each.tobytes() for each in found.drawn.values())
    return pack(header, found.originals.tobytes() + drawn)


ANSWERS: tuple[Answer, ...] = (Answer("measured", measured), Answer("race", race))
