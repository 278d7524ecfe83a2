"""A few processes that read files: started when they are needed, and killed when one takes too long."""

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer

from vae_core.errors import UsageError

from .wire import DONE, REFUSED, receive, send

ROOT = Path(__file__).parent.parent.parent
WORKER = "playground.decoding.worker"
LONGEST = (
    20  # times the seconds that a file may be computed on, until its process is killed anyhow
)


class Worker:
    """A process that reads files, one at a time."""

    def __init__(self, seconds: int, megabytes: int) -> None:
        self._patience = float(LONGEST * seconds)
        counts = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", WORKER, str(seconds), str(megabytes)],
            cwd=ROOT,
            env={**os.environ, **counts},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for the page alone; this ends when its pipe does
        )

    def ask(self, work: str, file: bytes) -> tuple[int, bytes] | None:
        """The state and the content of the answer; None if the process did not survive it."""
        questions, answers = self.process.stdin, self.process.stdout
        assert questions is not None and answers is not None
        timer = Timer(self._patience, self.process.kill)  # for systems without limits
        timer.daemon = True
        timer.start()
        try:
            send(questions, work.encode(), file)
            answer = receive(answers, 2)
        except (OSError, ValueError):  # it died while it was written to
            answer = None
        finally:
            timer.cancel()
        return (answer[0][0], answer[1]) if answer and answer[0] else None

    def end(self) -> None:
        """Ends the process at once."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass  # what it was not sent any more


class Pool:
    """Processes that read files of strangers.

    Arguments:
        seconds: that a file may be computed on.
        megabytes: that it may take beside what the process has imported.
        most: processes at once; whoever comes then waits.
        idle: seconds after which a process that nobody needs is ended; None for never.
        refusal: what is said where a file took too much.
    """

    def __init__(
        self, seconds: int, megabytes: int, most: int, idle: float | None, refusal: str
    ) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self.idle, self.refusal = idle, refusal
        self._turns = BoundedSemaphore(most)
        self._lock = Lock()
        self._free: list[Worker] = []

    def run(self, work: str, file: bytes) -> bytes:
        """What the work called so makes of a file.

        Raises:
            UsageError: if it refuses the file, or the file takes too much time or memory.
            RuntimeError: if there is a fault in the program.
        """
        with self._turns:
            worker = self._taken()
            answer = worker.ask(work, file)
            if answer is None:
                worker.end()
                raise UsageError(self.refusal)
            self._give_back(worker)
        state, content = answer
        if state == DONE:
            return content
        if state == REFUSED:
            raise UsageError(content.decode(errors="replace"))
        raise RuntimeError(content.decode(errors="replace"))

    def close(self) -> None:
        """Ends the processes that have nothing to do."""
        with self._lock:
            free, self._free = self._free, []
        for worker in free:
            worker.end()

    def _taken(self) -> Worker:
        while True:
            with self._lock:
                worker = self._free.pop() if self._free else None
            if worker is None:
                return Worker(self.seconds, self.megabytes)
            if worker.process.poll() is None:
                return worker
            worker.end()  # the kernel ended it meanwhile

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._free.append(worker)
        if self.idle is not None:
            timer = Timer(self.idle, self._retire, [worker])
            timer.daemon = True
            timer.start()

    def _retire(self, worker: Worker) -> None:
        with self._lock:
            if worker not in self._free:
                return
            self._free.remove(worker)
        worker.end()
