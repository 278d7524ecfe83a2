"""The data sets that a visitor can train on, and their download, once for all visitors."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from .process import ROOT

if TYPE_CHECKING:
    from vae_core.data.sets.record import DataSet

COMMAND = (sys.executable, "-m", "vae_core", "data")
LONGEST = 1800  # seconds until a download is given up


class State(NamedTuple):
    """How a download stands.

    Attributes:
        state: "idle", "loading", "done" or "failed".
        sentence: why it failed.
    """

    state: str
    done_bytes: int
    total_bytes: int | None
    sentence: str


class Download(NamedTuple):
    """A download on its way."""

    process: subprocess.Popen[bytes]
    log: IO[str]
    began: float


def facts() -> list[dict[str, Any]]:
    """Every data set: whether it is here, whether it can be fetched, and how large it is."""
    return [
        {
            "name": name,
            "label": each.title,
            "present": each.is_here(),
            "downloadable": each.archive > 0,
            "images": each.count,
        }
        for name, each in offered().items()
    ]


def offered() -> "dict[str, DataSet]":
    """The data sets that the page can show: grey, as large as its canvas, and no more classes than colours."""
    from vae_core.data.classes import MOST_CLASSES
    from vae_core.data.datasets import DATASETS
    from vae_core.data.sets.record import GREY

    return {
        name: each
        for name, each in DATASETS.items()
        if each.shape == GREY and len(each.classes) <= MOST_CLASSES
    }


class Downloads:
    """The downloads that go on: `python -m vae_core data <name>`, each in a process of its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._going: dict[str, Download] = {}

    def start(self, name: str) -> None:
        """Begins to fetch a data set, unless it is here or on its way."""
        from vae_core.data import datasets

        with self._lock:
            if datasets.present(name) or name in self._going:
                return
            log = TemporaryFile("w+", errors="replace")  # noqa: SIM115 - `_why` closes it
            process = subprocess.Popen(
                [*COMMAND, name],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
            self._going[name] = Download(process, log, time.monotonic())

    def progress(self, name: str, start: bool) -> State:
        """How a download stands, after it was begun if that is asked for."""
        if start:
            self.start(name)
        return self.state(name)

    def close(self) -> None:
        """Ends the downloads that go on; what they fetched so far is fetched again."""
        with self._lock:
            for going in self._going.values():
                going.process.kill()

    def state(self, name: str) -> State:
        """How the download of a data set stands. A failure is told once; then it can start again."""
        from vae_core.data.datasets import DATASETS
        from vae_core.data.sets.record import data_dir

        known = DATASETS[name]
        total = known.archive or None
        with self._lock:
            going = self._going.get(name)
            if going and going.process.poll() is None:
                if time.monotonic() - going.began > LONGEST:
                    going.process.kill()
                fetched = min(_size(data_dir() / known.folder), known.archive)
                return State("loading", fetched, total, "")
            self._going.pop(name, None)
        if going and going.process.returncode:
            return State("failed", 0, total, _why(going, name))
        if known.is_here():
            return State("done", known.archive, total, "")
        return State("idle", 0, total, "")


def _why(download: Download, name: str) -> str:
    with download.log:
        download.log.seek(0)
        said = download.log.read().strip().splitlines()
    if download.process.returncode == 2 and said:
        return said[-1]  # a UsageError
    return f"'{name}' could not be downloaded. Check the network, or use 'digits'."


def _size(folder: Path) -> int:
    """The bytes of the archives so far; what is unpacked from them does not count."""
    return sum(file.stat().st_size for file in folder.glob("*.gz"))


DOWNLOADS = Downloads()
