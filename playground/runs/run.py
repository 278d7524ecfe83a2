"""A training run as its watchers see it."""

import time
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from vae_core.errors import UsageError

from .. import styles
from .disk import record
from .disk.record import Record
from .trainers import zero

if TYPE_CHECKING:
    from vae_core.training.exported import Exported
    from vae_core.training.metrics import Metrics
    from vae_core.training.recipe import Recipe
    from vae_core.training.run_directory import RunDir

ENDED = ("done", "stopped", "failed", "interrupted")
KEPT = 32  # runs whose metrics are kept in memory

_reading = Lock()


class Curves(NamedTuple):
    """The metrics of a run by now.

    Attributes:
        lines: those that count, in order.
        resumed: how often the run took lines back, because it went on from an earlier epoch.
        last: the line of the last whole epoch; None before the first.
    """

    lines: list[dict[str, Any]]
    resumed: int
    last: dict[str, Any] | None


class Run(NamedTuple):
    """A run as its watchers see it.

    Attributes:
        state: waiting, running, paused, or one of ENDED.
        position: 1 for the next in the queue; None unless it waits.
    """

    id: str
    files: "RunDir"
    record: Record
    state: str
    sentence: str
    position: int | None

    @property
    def name(self) -> str:
        return self.record.name or self.id

    @property
    def created(self) -> float:
        if self.record.owner is not None:
            return self.record.created
        try:
            return self.files.path.stat().st_ctime
        except OSError:
            return 0.0  # removed a moment ago

    def curves(self) -> Curves:
        """The run's metrics; only what is new is read."""
        with _reading:
            metrics = _followed(self.files.path)
            return Curves(metrics.read(), metrics.resumed, metrics.last_epoch)

    def weights(self) -> "Exported":
        """The checkpoint after the last whole epoch, without where its pictures lie.

        Raises:
            UsageError: if there is none yet.
        """
        from vae_core.training.exported import exported

        try:
            return exported(self.files.checkpoint)
        except OSError as error:
            raise UsageError(
                "This run has no weights yet. They come with its first epoch."
            ) from error


@lru_cache(KEPT)
def _followed(path: Path) -> "Metrics":
    from vae_core.training.run_directory import RunDir

    return RunDir(path).follow()


def told(kept: Record, files: "RunDir", status: dict[str, Any]) -> tuple[str, str]:
    """The state of a run that does not wait, and a sentence, as its watchers are told."""
    state, sentence = status["state"], status["sentence"]
    if kept.owner is None and state not in ENDED and files.trainer() is None:
        # Nobody looks after a run of the command line, so nobody else could say so.
        if state != "waiting":
            state, sentence = "interrupted", "Its trainer is gone. Resume it to go on."
    elif state == "waiting":
        state = "running"  # but has yet to say so
    if state == "running" and not sentence and kept.pieces:
        sentence = (
            f"On a GPU that is lent for {zero.PIECE} seconds at a time: piece {kept.pieces}."
        )
    if kept.remark and state in ENDED:
        sentence = f"{kept.remark} {sentence}"
    return state, sentence


def first_record(
    mine: list[Run], owner: str, recipe: "Recipe", name: str, device: str, queued: int | None
) -> Record:
    """The record of a new run, with a name and a mark that tell it from the others.

    Arguments:
        mine: the runs that its owner has, the oldest first.
        name: what it shall be called; "" asks for the default.
        queued: since when it waits, as in its record.
    """
    own = [run for run in mine if run.record.owner is not None]
    taken = [run.record.colour for run in own]
    others = {run.name for run in mine} | {look.label for look in styles.LOOKS.values()}
    return Record(
        owner=owner,
        name=record.distinct(name or record.default_name(recipe), others),
        # The newest run is the last in the list, also after the clock was put back.
        created=max([time.time(), *(run.created + 0.001 for run in own)]),
        device=device,
        colour=min(range(len(styles.MARKS_OF_RUNS)), key=lambda each: (taken.count(each), each)),
        queued=queued,
    )
