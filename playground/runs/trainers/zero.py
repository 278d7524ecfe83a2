"""Training on a GPU that is lent for a minute at a time: a Space on ZeroGPU.

There CUDA is nowhere but inside a function that the package `spaces` has wrapped, which runs in a process
forked from the page's, and is killed when its time is over. So a run is trained in pieces, each from
what the last one left in the run's directory. Elsewhere none of this is used.
"""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from vae_core.errors import needs, shown

from ..process import STARTED

VARIABLE = "SPACES_ZERO_GPU"  # set by the platform
PIECE = 60  # seconds that the GPU is asked for at once: what everybody may have
SPARE = 12  # of them, for torch to find the GPU, and to save
LATER, REFUSED = 75, 69  # exit codes: it goes on with the next piece; there was no GPU
KILLED = -9
LONGEST = 200  # characters of what the platform says that are shown
PATIENCE = 10.0  # seconds that a process may take to end once it is killed
WAITS = "Waits for the GPU of this Space."
TOO_LONG = (
    f"No epoch of this run fits into the {PIECE} seconds that the GPU is lent for. Choose fewer images or "
    "a smaller model, or train it on the CPU."
)


class Lender(NamedTuple):
    """What trains pieces: the function that the package has wrapped; none off ZeroGPU."""

    train: Callable[[str, float], int] | None = None


_lender = Lender()


def is_here() -> bool:
    """True on ZeroGPU, as the package itself asks it."""
    return os.environ.get(VARIABLE, "").lower() in ("1", "t", "true")


def register() -> None:
    """Wraps the function that trains, which ZeroGPU asks for before the page is launched.

    Nothing happens elsewhere. It comes before anything that may look for CUDA.

    Raises:
        UsageError: if the package is not installed.
    """
    global _lender
    if not is_here():
        _lender = Lender()
        return
    with needs("spaces", "A Space on ZeroGPU"):
        import spaces  # type: ignore[import-not-found]  # which the platform installs
    _lender = Lender(spaces.GPU(train_piece, duration=PIECE))


def lends(device: str) -> bool:
    """True if a run on the device called so is trained in pieces."""
    return _lender.train is not None and device != "cpu"


def close() -> None:
    """Ends what was forked for pieces, which would outlive a page that does not wait for it."""
    if _lender.train is not None:
        for process in multiprocessing.active_children():
            process.kill()
            process.join(PATIENCE)


def train_piece(run: str, seconds: float) -> int:
    """Trains a run on for a while: an exit code, or `LATER`. Where CUDA is: in a process of its own."""
    from vae_core.__main__ import main
    from vae_core.training.run_directory import RunDir

    files = RunDir(run)
    if not files.path.exists() or files.requested_action() == "stop":  # while it waited
        return 0
    words = ["train", "--run-dir", run, "--device", "auto", "--seconds", str(seconds)]
    with (
        open(Path(run) / "log.txt", "a", encoding="utf-8") as log,
        redirect_stdout(log),
        redirect_stderr(log),
    ):
        try:
            code = main(words)
        except Exception:  # noqa: BLE001 - as in a process of its own
            traceback.print_exc()
            return 1
    return LATER if code == 0 and files.status()["state"] == "waiting" else code


class Loan:
    """A piece of training on its way, with the part of `subprocess.Popen` that supervisors use.

    Attributes:
        returncode: of the piece; None until it has ended.
        refusal: what the platform said when there was no GPU.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        self.returncode: int | None = None
        self.refusal = ""
        with open(run / "log.txt", "ab") as log:
            log.write(f"{STARTED}\n".encode())
        self._thread = Thread(target=self._train, daemon=True, name=f"zero-{run.name}")
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The id of the process that trains; None while it waits for the GPU."""
        from vae_core.training.run_directory import RunDir

        return RunDir(self.run).trainer()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self) -> int | None:
        """Waits for a process that was killed, and not for a GPU that is still to come."""
        self._thread.join(PATIENCE if self.pid else 0.0)
        return self.returncode

    def _train(self) -> None:
        import vae_core.__main__
        import vae_core.training.trainer  # noqa: F401 - before the fork: no GPU waits for imports

        try:
            assert _lender.train is not None
            self.returncode = _lender.train(str(self.run), PIECE - SPARE)
        except Exception as error:  # noqa: BLE001 - whatever the platform raises, it is no piece
            self.returncode = self._outcome(error)

    def _outcome(self, error: Exception) -> int:
        from vae_core.training.run_directory import RunDir

        said = str(getattr(error, "message", error))  # Gradio's own errors put it in quotes
        if "aborted" in said or RunDir(self.run).status()["state"] != "waiting":
            return KILLED  # at the end of its time, or because the machine is full
        print(f"run {self.run.name} has no GPU: {said}", file=sys.stderr)
        self.refusal = f"There is no GPU for this run now: {shown(said, LONGEST)}".rstrip(".")
        return REFUSED
