"""Which of several pages on one folder starts the trainers: the one that holds a file."""

import logging
from pathlib import Path
from typing import IO

from vae_core.files import hold

FILE = ".leader"

_log = logging.getLogger(__name__)


class Leader:
    """Whether this page leads. It does until it ends, however it ends; then the next one does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: IO[bytes] | None = None

    @property
    def leads(self) -> bool:
        return self._held is not None

    def try_to(self, is_needed: bool) -> bool:
        """True if this page has just begun to lead: if it has to, or another page did before."""
        if self.leads or not (is_needed or (self.folder / FILE).exists()):
            return False
        try:
            self._held = hold(self.folder / FILE)
        except OSError:
            _log.exception("%s cannot be locked, so no run is started", self.folder)
        return self.leads

    def close(self) -> None:
        """Lets another page lead."""
        if self._held is not None:
            self._held.close()
            self._held = None
