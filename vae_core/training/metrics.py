"""What a run wrote down line by line while it trained, for whoever reads along."""

import json
from pathlib import Path
from typing import Any

from .checkpoints import with_new_names


class Metrics:
    """The lines of a metrics file that count, in order; `read` takes in what is new.

    Attributes:
        lines: one dict a line. Numbers that JSON does not know, such as NaN, are None.
        resumed: how often the run went on from an earlier epoch, which took lines back.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._forget()

    def read(self) -> list[dict[str, Any]]:
        """All lines that count by now. One that a crash cut short is passed over."""
        try:
            with open(self.path, "rb") as file:
                if file.seek(0, 2) < self._read:
                    self._forget()  # another file by the same name
                file.seek(self._read)
                content = file.read()
        except OSError:  # not there, or not a file
            self._forget()
            return self.lines
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        for text in whole.splitlines():
            self._take(text)
        return self.lines

    @property
    def last_epoch(self) -> dict[str, Any] | None:
        """The line of the last whole epoch; None before the first."""
        return next((line for line in reversed(self.lines) if line["kind"] == "epoch"), None)

    def _forget(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.resumed = 0
        self._read = 0

    def _take(self, text: bytes) -> None:
        try:
            line = json.loads(text, parse_constant=lambda _: None)
            kind, epoch = line["kind"], line["epoch"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if not isinstance(epoch, int | float):
            return
        if kind != "resumed":
            self.lines.append(with_new_names(line))
        else:
            self.lines = [old for old in self.lines if old["epoch"] <= epoch]
            self.resumed += 1
