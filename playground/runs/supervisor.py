"""Whose turn it is to train, who has died, and who has taken too long. Knows of no visitors."""

import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from subprocess import Popen
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any

from vae_core.errors import UsageError
from vae_core.files import is_full

from . import storage
from . import record
from . import process
from .limits import Limits
from .record import Spent

if TYPE_CHECKING:
    from vae_core.training.run_directory import RunDir

LOOK = 0.5  # seconds between two looks at the processes
GRACE = 30.0  # seconds until a trainer that should stop is killed
DEATHS = 3  # kills in one epoch after which a run does not go on by itself
OPEN_STATES = ("waiting", "running", "paused")  # a trainer that left one of these was killed

_log = logging.getLogger(__name__)


class Supervisor:
    """Starts the trainers of the runs in a folder, and looks after them.

    An empty file `queued` in a run's directory says that it waits for its turn, since the time of
    that file. All else is in what the trainer itself leaves there, so another page that starts on
    the same folder goes on where this one ended.

    Attributes:
        lock: held while anything changes.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits
        self.lock = RLock()
        self._going: dict[str, Popen[bytes] | None] = {}  # None: started by an earlier page
        self.spent = Spent(folder)
        self._stopping: dict[str, float] = {}  # when a run was told to stop
        self._unsaid: dict[str, tuple[str, str]] = {}  # what a full disk did not hold
        self._looked = time.monotonic()
        self._thread: Thread | None = None
        self._closed = Event()

    def begin(self, ids: Iterable[str]) -> None:
        """Takes up the runs of an earlier page, and looks after all of them from now on."""
        with self.lock:
            if self._thread is not None:
                return
            storage.tidy(self.folder)
            for id in ids:
                queued = self._queued(id).exists()
                if not queued and self.files(id).status()["state"] in OPEN_STATES:
                    self._going[id] = None
                    self.spent.add_until(id, self._last_sign(id))
            self._thread = Thread(target=self._watch, daemon=True, name="trainers")
            self._thread.start()

    def close(self) -> None:
        """Looks after the runs no longer; those that train go on."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def queue(self) -> list[str]:
        """The runs that wait, the next one first."""
        since: dict[str, int] = {}
        for file in chain(self.folder.glob("*/queued"), self.folder.glob("*/*/queued")):
            id = file.parent.relative_to(self.folder).as_posix()
            try:
                facts = file.stat()
            except OSError:
                continue  # its turn came a moment ago
            if S_ISREG(facts.st_mode):
                since[id] = facts.st_mtime_ns
        return sorted(filter(record.is_id, since), key=lambda id: (since[id], id))

    def going(self) -> list[str]:
        """The runs that train now, or are paused."""
        with self.lock:
            return list(self._going)

    def enqueue(self, id: str) -> None:
        """Lets a run begin, or go on, as soon as it is its turn.

        Raises:
            UsageError: if it has had all of its time, or too many wait.
        """
        with self.lock:
            minutes, most = self.limits.minutes, self.limits.waiting
            if minutes is not None and self.spent.of(id) > 60 * minutes:
                raise UsageError(
                    f"This run has had its {minutes:g} minutes. Rewind it with fewer epochs."
                )
            if most is not None and len({*self.queue()} - {id}) >= most:
                raise UsageError(f"{most} runs wait already. Try again in a few minutes.")
            self._stopping.pop(id, None)
            self._unsaid.pop(id, None)
            self._append(id)

    def request(self, id: str, action: str) -> None:
        """Asks something of a run's trainer; one that does not stop in time is killed."""
        with self.lock:
            if action == "stop" and self._queued(id).exists():
                self._queued(id).unlink()
                epoch = self._epoch(id)
                words = f"Stopped after epoch {epoch}." if epoch else "Stopped before it began."
                self._say(id, "stopped", words)
                return
            told = self._stopping.pop(id, time.monotonic())
            if action == "stop":
                self._stopping[id] = told
            self.files(id).request(action)

    def end(self, id: str) -> None:
        """Ends a run's trainer at once, whatever it is at."""
        with self.lock:
            with suppress(OSError):
                self._queued(id).unlink()
            self._kill(id)
            child = self._going.pop(id, None)
            if child is not None:
                child.wait()
            self.spent.forget(id)
            self._stopping.pop(id, None)
            self._unsaid.pop(id, None)

    def look(self) -> None:
        """Takes note of who died, ends who took too long, and starts whose turn it is."""
        with self.lock:
            passed, self._looked = time.monotonic() - self._looked, time.monotonic()
            for id, child in list(self._going.items()):
                with self._in_words(id):
                    if (child and child.poll() is None) or self.files(id).trainer():
                        self._limit(id, passed)
                    else:
                        del self._going[id]
                        self._bury(id, child.returncode if child else None)
            for id in self.queue()[: max(0, self.limits.at_once - len(self._going))]:
                with self._in_words(id):
                    self._queued(id).unlink()
                    self._say(id, "waiting", "Starting.")  # what it said before is over
                    note = record.read(self.folder / id)
                    device = note.device if note else "auto"
                    spawned = process.spawn(self.folder / id, device, self.limits.threads)
                    self._going[id] = spawned
                    self.spent.keep(id)

    def status(self, id: str) -> dict[str, Any]:
        """What a run last said, or what is to be said of it where a full disk did not hold that."""
        found = self.files(id).status()
        state, sentence = self._unsaid.get(id, (found["state"], found["sentence"]))
        return {**found, "state": state, "sentence": sentence}

    def files(self, id: str) -> "RunDir":
        """The directory of a run."""
        from vae_core.training.run_directory import RunDir

        return RunDir(self.folder / id)

    def _queued(self, id: str) -> Path:
        return self.folder / id / "queued"

    def _append(self, id: str) -> None:
        """Puts a run at the end of the queue, also after the clock was put back."""
        last = max((self._queued(other).stat().st_mtime_ns for other in self.queue()), default=0)
        self._queued(id).touch()
        now = max(time.time_ns(), last + 1_000_000)
        os.utime(self._queued(id), ns=(now, now))

    def _say(self, id: str, state: str, sentence: str) -> None:
        self._unsaid.pop(id, None)
        try:
            self.files(id).write_status(state, sentence)
        except OSError:
            _log.exception("the status of run %s cannot be kept", id)
            self._unsaid[id] = (state, sentence)

    @contextmanager
    def _in_words(self, id: str) -> Iterator[None]:
        """Says of a run that its directory cannot be used; those of the others go on."""
        try:
            yield
        except OSError as error:
            _log.exception("run %s cannot be looked after", id)
            if id not in self._going:
                why = f"The directory of this run cannot be used: {error.strerror}."
                self._say(id, "failed", process.FULL if is_full(error) else why)

    def _watch(self) -> None:
        while True:
            try:
                self.look()
            except Exception:  # noqa: BLE001 - a fault with one run is none of the others'
                _log.exception("the runs could not be looked after")
            if self._closed.wait(LOOK):
                return

    def _limit(self, id: str, passed: float) -> None:
        self.spent.add(id, passed)
        minutes = self.limits.minutes
        if minutes is not None and self.spent.of(id) > 60 * minutes and id not in self._stopping:
            self.request(id, "stop")
            self._note(id, remark=f"A run has {minutes:g} minutes on this page.")
        if id in self._stopping and time.monotonic() > self._stopping[id] + GRACE:
            self._kill(id)

    def _last_sign(self, id: str) -> float:
        """When a run of an earlier page trained last, in seconds since 1970."""
        files = self.files(id)
        if files.trainer():
            return time.time()
        metrics = files.path / "metrics.jsonl"
        return metrics.stat().st_mtime if metrics.exists() else 0.0

    def _kill(self, id: str) -> None:
        child = self._going.get(id)
        trainer = child.pid if child else self.files(id).trainer()
        if trainer is not None:
            process.kill(trainer)

    def _bury(self, id: str, code: int | None) -> None:
        """Says why a run's trainer is gone, if it could not; after a kill it goes on."""
        files, log = self.files(id), self.folder / id / "log.txt"
        self._stopping.pop(id, None)
        self.spent.keep(id)
        if files.status()["state"] not in OPEN_STATES:
            return
        epoch = self._epoch(id)
        if files.requested_action() == "stop":
            self._say(id, "stopped", f"Stopped after epoch {epoch}.")
        elif (code is not None and code >= 0) or process.crashed(log):
            self._say(id, "failed", process.in_words(log))
        elif self._deaths(id, epoch) <= DEATHS:
            self._append(id)
        else:
            self._say(
                id,
                "interrupted",
                f"The trainer was killed {DEATHS + 1} times in epoch {epoch + 1}; perhaps the "
                "memory is full. Resume it to try again, or lower the width or the batch size.",
            )

    def _epoch(self, id: str) -> int:
        """The last whole epoch of a run; 0 before the first."""
        metrics = self.files(id).follow()
        metrics.read()
        return metrics.last_epoch["epoch"] if metrics.last_epoch else 0

    def _deaths(self, id: str, epoch: int) -> int:
        note = record.read(self.folder / id)
        if note is None:
            return DEATHS + 1  # of the command line: its owner decides
        before = note.died[1] if note.died[0] == epoch else 0
        self._note(id, died=(epoch, before + 1))
        return before + 1

    def _note(self, id: str, **changes: object) -> None:
        note = record.read(self.folder / id)
        if note is not None:
            replace(note, **changes).write(self.folder / id)
