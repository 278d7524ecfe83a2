"""The statuses of runs, also where a full disk does not hold the last one."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae_core.training.run_directory import RunDir

_log = logging.getLogger(__name__)


class Statuses:
    """What was said last of each run."""

    def __init__(self, files: "Callable[[str], RunDir]") -> None:
        self._files = files
        self._unwritten: dict[str, tuple[str, str]] = {}

    def read(self, id: str) -> dict[str, Any]:
        """The status of a run."""
        found = self._files(id).status()
        state, sentence = self._unwritten.get(id, (found["state"], found["sentence"]))
        return {**found, "state": state, "sentence": sentence}

    def write(self, id: str, state: str, sentence: str) -> None:
        """Sets the status of a run, on the disk if it can be."""
        self._unwritten.pop(id, None)
        try:
            self._files(id).write_status(state, sentence)
        except OSError:
            _log.exception("the status of run %s cannot be kept", id)
            self._unwritten[id] = (state, sentence)

    def forget(self, id: str) -> None:
        """Lets what is on the disk hold."""
        self._unwritten.pop(id, None)
