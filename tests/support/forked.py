"""`python -m vae_core` in processes that have torch from the start: importing it takes seconds."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from playground.runs.process import STARTED

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["vae_core.__main__"])


class Forked:
    """A process with the part of `subprocess.Popen` that is used here; it ends with the tests.

    Arguments:
        words: what stands behind `python -m vae_core`.
        log: where what it says goes.
        first: what the process does before that.
        program: what takes the words, if not the command line of `vae_core`.
        environment: variables that it has beside ours.
    """

    def __init__(
        self,
        words: list[str],
        log: Path,
        first: Callable[[], Any] = os.getpid,
        program: Callable[[list[str]], Any] | None = None,
        **environment: object,
    ) -> None:
        variables = {name: str(value) for name, value in environment.items()}
        self._process = _FORKS.Process(
            target=_run, args=(words, log, first, variables, program), daemon=True
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join(600)  # a busy machine is no failure
        return self.returncode

    def terminate(self) -> None:
        self._process.terminate()


def spawn(run: Path, device: str, threads: int, memory: int | None = None) -> Forked:
    """Takes the place of `process.spawn`, for tests of what trains rather than of how it starts."""
    with open(run / "log.txt", "a") as log:
        log.write(f"{STARTED}\n")
    return Forked(["train", "--run-dir", str(run), "--device", device], run / "log.txt")


def torchrun(words: list[str]) -> None:
    from torch.distributed.run import main

    main(words)


def hear_ctrl_c() -> None:
    """As a person's terminal has it; processes that are started in the background are deaf."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def die_in_step(last: int) -> None:
    """Lets the process be killed, as by `kill -9`, in this step of its training."""
    from torch.optim.optimizer import register_optimizer_step_post_hook

    register_optimizer_step_post_hook(partial(_step, count(1), last))


def _step(steps: "count[int]", last: int, *_: object) -> None:
    if next(steps) == last:
        os.kill(os.getpid(), signal.SIGKILL)


def _run(
    words: list[str],
    log: Path,
    first: Callable[[], Any],
    variables: dict[str, str],
    program: Callable[[list[str]], Any] | None,
) -> None:
    from vae_core.__main__ import main

    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.environ.update(variables)
    first()
    sys.exit((program or main)(words))
