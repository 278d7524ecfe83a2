"""Whose turn it is to train, who has died, and who has taken too long. Knows of no visitors."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from subprocess import Popen
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any

from vae_core.errors import UsageError
from vae_core.files import is_full

from .. import process
from ..disk import storage
from ..disk.record import Records
from ..limits import Limits
from . import zero
from .clock import Clock
from .leader import Leader
from .statuses import Statuses

if TYPE_CHECKING:
    from vae_core.training.run_directory import RunDir

LOOK = 0.5  # seconds between two looks at the processes
GRACE = 30.0  # seconds until a trainer that should stop is killed
DEATHS = 3  # kills in one epoch after which a run does not go on by itself
OPEN_STATES = ("waiting", "running", "paused")  # a trainer that left one of these was killed

_log = logging.getLogger(__name__)


class Supervisor:
    """Starts the trainers of the runs in a folder, and looks after them.

    All is in the records and in what the trainers leave: another page goes on where this one ended.
    Of several pages on one folder, one leads: it alone starts trainers, so that no more train at
    once than may. The others put runs into the queue, and the next one leads when it has ended.

    Attributes:
        lock: held while anything changes.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits
        self.lock = RLock()
        self.records = Records(folder)
        self._going: dict[
            str, Popen[bytes] | zero.Loan | None
        ] = {}  # None: started by an earlier page
        self._clock = Clock(self.records, limits)
        self._stopping: dict[str, float] = {}  # when a run was asked to stop
        self._statuses = Statuses(self.files)
        self._looked = time.monotonic()
        self._leader = Leader(folder)
        self._thread: Thread | None = None
        self._closed = Event()

    def begin(self) -> bool:
        """Looks after the runs from now on; False if it does already."""
        with self.lock:
            if self._thread is not None:
                return False
            try:
                storage.check_writable(self.folder)
            except UsageError as error:
                _log.warning("%s", error)
            storage.tidy(self.folder)
            self.records.take_over()
            left = self._left()
            if left and self._leader.try_to(is_needed=True):
                self._take_up(left)
            self._thread = Thread(target=self._watch, daemon=True, name="trainers")
            self._thread.start()
            return True

    def close(self) -> None:
        """Looks after the runs no longer; those that train go on."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()
        self._leader.close()

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
            if self._clock.is_over(id):
                raise UsageError(
                    f"This run has had its {minutes:g} minutes. Rewind it with fewer epochs."
                )
            if most is not None and len({*self.records.queue()} - {id}) >= most:
                raise UsageError(f"{most} runs wait already. Try again in a few minutes.")
            self._stopping.pop(id, None)
            self._statuses.forget(id)
            self.records.enqueue(id)

    def request(self, id: str, action: str) -> None:
        """Asks something of a run's trainer; one that does not stop in time is killed."""
        with self.lock:
            if action == "stop" and self.records.dequeue(id):
                epoch = self.files(id).epoch()
                words = f"Stopped after epoch {epoch}." if epoch else "Stopped before it began."
                self._statuses.write(id, "stopped", words)
                return
            since = self._stopping.pop(id, time.monotonic())
            if action == "stop":
                self._stopping[id] = since
            self.files(id).request(action)

    def end(self, id: str) -> None:
        """Ends a run's trainer at once, whatever it is at."""
        with self.lock:
            with suppress(OSError):
                self.records.dequeue(id)
            self._kill(id)
            child = self._going.pop(id, None)
            if child is not None:
                child.wait()
            self._clock.forget(id)
            self._stopping.pop(id, None)
            self._statuses.forget(id)

    def look(self) -> None:
        """Takes note of who died, ends who took too long, and starts whose turn it is."""
        with self.lock:
            passed, self._looked = time.monotonic() - self._looked, time.monotonic()
            if not self._leader.leads and self._leader.try_to(bool(self.records.queue())):
                self._take_up(self._left())
            if not self._leader.leads:
                return
            for id, child in list(self._going.items()):
                if not self.records.is_run(id):  # another page removed it
                    self.end(id)
                    continue
                with self._in_words(id):
                    if (child and child.poll() is None) or self.files(id).trainer():
                        self._limit(id, passed)
                    else:
                        del self._going[id]
                        self._ended(id, child)
            for id in self.records.queue():
                if len(self._going) >= self.limits.at_once:
                    break
                with self._in_words(id):
                    self._start(id)

    def status(self, id: str) -> dict[str, Any]:
        """The status of a run, also where a full disk did not hold the last one."""
        return self._statuses.read(id)

    def files(self, id: str) -> "RunDir":
        """The directory of a run."""
        from vae_core.training.run_directory import RunDir

        return RunDir(self.folder / id)

    def _left(self) -> list[str]:
        """The runs that an earlier page started, and that nobody has said the end of."""
        known = ((id, self.records.read(id)) for id in self.records.ids())
        started = [id for id, each in known if each.owner is not None and each.queued is None]
        return [id for id in started if self.files(id).status()["state"] in OPEN_STATES]

    def _take_up(self, left: list[str]) -> None:
        for id in left:
            if id not in self._going:
                self._going[id] = None
                with suppress(OSError):
                    self.records.count(id, inf, self.files(id).last_sign())

    def _start(self, id: str) -> None:
        if not self.records.dequeue(id):
            return  # another page on this folder was faster
        self._statuses.write(id, "waiting", "Starting.")  # what was said before is over
        self._going[id] = self._trainer(id)
        self._clock.write(id)

    def _trainer(self, id: str) -> Popen[bytes] | zero.Loan:
        record = self.records.read(id)
        if zero.lends(record.device):
            self.records.update(id, pieces=record.pieces + 1)
            self._statuses.write(id, "waiting", zero.WAITS)
            return zero.Loan(self.folder / id)
        memory = self.limits.memory if self.limits.strict else None
        return process.spawn(self.folder / id, record.device, self.limits.threads, memory)

    @contextmanager
    def _in_words(self, id: str) -> Iterator[None]:
        """Says of a run that its directory cannot be used; those of the others go on."""
        try:
            yield
        except OSError as error:
            _log.exception("run %s cannot be looked after", id)
            if id not in self._going:
                why = f"The directory of this run cannot be used: {error.strerror or error}."
                self._statuses.write(id, "failed", process.FULL if is_full(error) else why)

    def _watch(self) -> None:
        while True:
            try:
                self.look()
            except Exception:  # noqa: BLE001 - a fault with one run is none of the others'
                _log.exception("the runs could not be looked after")
            if self._closed.wait(LOOK):
                return

    def _limit(self, id: str, passed: float) -> None:
        self._clock.add(id, passed)
        if self._clock.is_over(id) and id not in self._stopping:
            self.request(id, "stop")
            words = f"A run has {self.limits.minutes:g} minutes on this page."
            self.records.update(id, remark=words)
        if self.files(id).requested_action() == "stop":  # perhaps by another page
            self._stopping.setdefault(id, time.monotonic())
        if id in self._stopping and time.monotonic() > self._stopping[id] + GRACE:
            self._kill(id)

    def _kill(self, id: str) -> None:
        child = self._going.get(id)
        trainer = child.pid if child else self.files(id).trainer()
        if trainer is not None:
            process.kill(trainer)

    def _ended(self, id: str, child: Popen[bytes] | zero.Loan | None) -> None:
        """Says why a run's trainer is gone, if it could not; after a kill, and a piece, it goes on."""
        code = child.returncode if child else None
        files, log = self.files(id), self.folder / id / "log.txt"
        self._stopping.pop(id, None)
        self._clock.write(id)
        if code == zero.LATER and files.requested_action() != "stop":
            self.records.enqueue(id)  # behind those that wait
            return
        if files.status()["state"] not in OPEN_STATES:
            return
        epoch = files.epoch()
        if isinstance(child, zero.Loan) and child.refusal:
            words = f"{child.refusal}. Resume it later, or train it on the CPU."
            self._statuses.write(id, "interrupted", words)
        elif files.requested_action() == "stop":
            self._statuses.write(id, "stopped", f"Stopped after epoch {epoch}.")
        elif (code is not None and code >= 0) or process.crashed(log):
            self._statuses.write(id, "failed", process.in_words(log))
        elif self._deaths(id, epoch) <= DEATHS:
            self.records.enqueue(id)
        else:
            words = (
                f"The trainer was killed {DEATHS + 1} times in epoch {epoch + 1}; perhaps the "
                "memory is full. Resume it to try again, or lower the width or the batch size."
            )
            lent = isinstance(child, zero.Loan)
            self._statuses.write(id, "interrupted", zero.TOO_LONG if lent else words)

    def _deaths(self, id: str, epoch: int) -> int:
        """How often a run's trainer was killed in this epoch, this time among them."""
        record = self.records.read(id)
        if record.owner is None:
            return DEATHS + 1  # of the command line: its owner decides
        before = record.deaths[1] if record.deaths[0] == epoch else 0
        self.records.update(id, deaths=(epoch, before + 1))
        return before + 1
