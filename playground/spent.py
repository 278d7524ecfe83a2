"""How long each run has trained, kept beside it: a restart of the page gives it no new time."""

from contextlib import suppress
from pathlib import Path

SELDOM = 5.0  # seconds that are written down at once


class Spent:
    """The seconds that runs have had, in a file `spent` in the directory of each.

    The time of the file says up to when they are counted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seconds: dict[str, float] = {}
        self._written: dict[str, float] = {}

    def of(self, id: str) -> float:
        """The seconds that a run has had, also under earlier pages."""
        if id not in self._seconds:
            self._seconds[id] = self._written[id] = _read(self._file(id))
        return self._seconds[id]

    def add(self, id: str, seconds: float) -> None:
        """Counts some more."""
        self._seconds[id] = self.of(id) + seconds
        if self._seconds[id] - self._written[id] >= SELDOM:
            self.keep(id)

    def add_until(self, id: str, moment: float) -> None:
        """Counts the time, in seconds since 1970, for which no page looked."""
        with suppress(FileNotFoundError):
            self.add(id, max(0.0, moment - self._file(id).stat().st_mtime))

    def keep(self, id: str) -> None:
        """Writes down what was counted, in one step. If it cannot be, it is tried again later."""
        new = self._file(id).with_name(".spent")
        with suppress(OSError):
            new.write_text(f"{self.of(id):.1f}")
            new.replace(self._file(id))
            self._written[id] = self.of(id)

    def forget(self, id: str) -> None:
        """Of a run that is there no longer."""
        self._seconds.pop(id, None)
        self._written.pop(id, None)

    def _file(self, id: str) -> Path:
        return self.folder / id / "spent"


def _read(file: Path) -> float:
    try:
        return float(file.read_text())
    except (OSError, ValueError):
        return 0.0
