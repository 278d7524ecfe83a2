"""The processes that train: how one is started, ended, and what its log says of its death."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TRAINER = "playground.runs.trainers.trainer"
NICE = 10  # the page goes first
STARTED = "--- started"  # the line that parts the attempts in a log
LAST = 20_000  # bytes of a log that are looked at
LONGEST = 200  # characters of a line that are shown

NO_MEMORY = ("out of memory", "can't allocate memory", "MemoryError", "bad_alloc")
NO_SPACE = ("No space left", "Disk quota exceeded", "The disk is full")
FULL = "The disk is full, so training stopped. Delete a run, and resume this one."


def spawn(
    run: Path, device: str, threads: int, memory: int | None = None
) -> subprocess.Popen[bytes]:
    """A process that goes on with the run in this directory, and outlives the page.

    Arguments:
        memory: megabytes that it may take beside torch itself.
    """
    words = [sys.executable, "-m", TRAINER, *([] if memory is None else ["--memory", str(memory)])]
    words += ["train", "--run-dir", str(run), "--device", device]
    nice = shutil.which("nice")
    if nice:
        words = [nice, "-n", str(NICE), *words]
    counts = {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS", "MKL")}
    with open(run / "log.txt", "ab") as log:
        log.write(f"{STARTED}\n".encode())
        log.flush()
        return subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, **counts},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl+C is for the page alone
        )


def kill(process: int) -> None:
    """Ends a process at once; one that is gone already is no matter."""
    with suppress(OSError):
        os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def crashed(log: Path) -> bool:
    """Whether the last attempt ended with a traceback, rather than with a kill."""
    return any(line.startswith("Traceback (most") for line in _last_attempt(log))


def in_words(log: Path) -> str:
    """Why the last attempt ended, as a sentence for the visitor."""
    said = [line for line in _last_attempt(log) if line.strip() and not line.startswith(" ")]
    last = said[-1].strip()[:LONGEST] if said else ""
    if any(words in last for words in NO_MEMORY):
        return (
            "The memory is full, so training stopped. Lower the batch size, the width or the "
            "depth of the model, and start again."
        )
    if any(words in last for words in NO_SPACE):
        return FULL
    if not last:
        return "The trainer ended without a word. Resume it to try again."
    return f"The trainer stopped because of a fault in the program: {last.rstrip('.')}."


def _last_attempt(log: Path) -> list[str]:
    try:
        with open(log, "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LAST))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    return text.rpartition(STARTED)[2].splitlines()
