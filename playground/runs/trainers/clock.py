"""How long runs have trained, of what they may."""

import time
from contextlib import suppress

from ..disk.record import Records
from ..limits import Limits

SELDOM = 5.0  # seconds of training that are written down at once


class Clock:
    """The seconds of runs that train, which their records keep, and that no page counts twice."""

    def __init__(self, records: Records, limits: Limits) -> None:
        self.records = records
        self.limits = limits
        self._uncounted: dict[str, float] = {}  # seconds that no record has yet

    def add(self, id: str, seconds: float) -> None:
        """Counts seconds in which a run has trained."""
        self._uncounted[id] = self._uncounted.get(id, 0.0) + seconds
        if self._uncounted[id] >= SELDOM:
            self.write(id)

    def write(self, id: str) -> None:
        """Writes down how long a run has trained. If that cannot be, it is tried again later."""
        with suppress(OSError):
            self.records.count(id, self._uncounted.get(id, 0.0), time.time())
            self._uncounted.pop(id, None)

    def forget(self, id: str) -> None:
        """Counts no more of a run."""
        self._uncounted.pop(id, None)

    def is_over(self, id: str) -> bool:
        """Whether a run has had all of its time."""
        if self.limits.minutes is None:
            return False
        seconds = self.records.read(id).seconds + self._uncounted.get(id, 0.0)
        return seconds > 60 * self.limits.minutes
