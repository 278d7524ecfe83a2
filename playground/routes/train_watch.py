"""Training in the page: the runs of a browser, what they tell, and what they are asked to do."""

from typing import Any

from ..runs import summary
from ..runs.request import RunsRequest, WatchRequest, WishRequest
from ..store.key import check_may_steer
from ..store.models import Store
from ..wire.packing import LONGEST_HEADER, pack, unpack
from ..wire.request import read
from .answer import Answer

LONGEST_QUESTION = 4 + LONGEST_HEADER


def runs(message: bytes, store: Store) -> dict[str, Any]:
    """The runs of the browser called `owner`, the oldest first, with the `opened` ones of sweeps.

    Raises:
        UsageError: if that is not how a browser is called, or `opened` is no list of ids.
    """
    asked = read(RunsRequest, unpack(message)[0])
    found = store.jobs.runs(asked.owner, asked.opened)
    return {"runs": [summary.summary(run, store.jobs.pictures) for run in found]}


def watch(message: bytes, store: Store) -> bytes:
    """What a run has told since `line` lines of its metrics, and its pictures if they are new.

    The request also has `preview`, the version of the pictures that the page shows, or one beyond
    any for a page that wants none, and may have
    `resumed` from the last reply. If lines were taken back since, the reply has `reset`, and
    `lines` begin again. The body is the pictures' bytes, in the order of `shapes`.

    Raises:
        UsageError: if there is no such run, or anything in the message is not as it should be.
    """
    asked = read(WatchRequest, unpack(message)[0])
    run = store.jobs.get(asked.owner, asked.id)
    facts, arrays = summary.news(
        run, store.jobs.pictures, asked.line, asked.resumed, asked.preview
    )
    shapes = {name: [str(array.dtype), list(array.shape)] for name, array in arrays.items()}
    body = b"".join(array.tobytes() for array in arrays.values())
    return pack({**facts, "shapes": shapes}, body)


def wish(message: bytes, store: Store) -> dict[str, Any]:
    """Does what is asked of a run; the id is another one after `rewind`.

    Raises:
        UsageError: if there is no such run or action, the run cannot do that now, or it is one of
            the command line.
    """
    asked = read(WishRequest, unpack(message)[0])
    check_may_steer(store, asked.owner, asked.id)
    id, state = store.jobs.control(asked.owner, asked.id, asked.wish)
    return {"id": id, "state": state}


ANSWERS: tuple[Answer, ...] = (
    Answer("train-runs", runs, LONGEST_QUESTION),
    Answer("train-watch", watch, LONGEST_QUESTION),
    Answer("train-wish", wish, LONGEST_QUESTION),
)
