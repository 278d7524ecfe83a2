"""What runs have told so far, without reading it again from the start each time."""

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from vae_core.follow import Metrics
    from vae_core.runs import RunDir

KEPT = 32  # runs that are watched at the same time


class Told(NamedTuple):
    """The metrics of a run by now.

    Attributes:
        lines: those that count, in order.
        resumed: how often the run took lines back, because it went on from an earlier epoch.
        last: the line of the last whole epoch; None before the first.
    """

    lines: list[dict[str, Any]]
    resumed: int
    last: dict[str, Any] | None


class Following:
    """The metrics of the runs that were asked for last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, Metrics] = OrderedDict()

    def told(self, run: "RunDir") -> Told:
        """What a run has told by now."""
        with self._lock:
            metrics = self._known.setdefault(str(run.path), run.follow())
            self._known.move_to_end(str(run.path))
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
            return Told(metrics.read(), metrics.resumed, metrics.last_epoch)
