"""A training run as its watchers see it."""

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from .record import Record

if TYPE_CHECKING:
    from vae_core.training.run_directory import Metrics, RunDir

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


@lru_cache(KEPT)
def _followed(path: Path) -> "Metrics":
    from vae_core.training.run_directory import RunDir

    return RunDir(path).follow()
