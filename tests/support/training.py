"""Runs for the tests of training in the page: small ones, and processes that only pretend."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.runs.jobs import Jobs
from playground.runs.limits import Limits
from vae_core.models import specify
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe

ME, OTHER = "a" * 32, "b" * 32
QUIET = Limits(at_once=1, threads=1)
CONFIG = {"epochs": 3, "batch_size": 200}
OPTIONS = {"latent_dim": 2, "width": 4, "depth": 1}


def recipe(**config: Any) -> Recipe:
    return Recipe(specify("vae", **OPTIONS), "digits", "train", TrainConfig(**(CONFIG | config)))


def until(condition: Callable[[], Any]) -> None:
    """Waits; a test that would wait for ever fails instead."""
    patience = time.monotonic() + 600  # a busy machine is no failure
    while not condition():
        assert time.monotonic() < patience, "waited in vain"
        time.sleep(0.02)


def epoch(jobs: Jobs, id: str) -> int:
    last = jobs.get(ME, id).curves().last
    return last["epoch"] if last else 0


class Pretended:
    """Takes the place of `process.spawn`: processes that sleep, and say what they are told to."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        self.script = "import time; time.sleep(600)"

    def __call__(
        self, run: Path, device: str, threads: int, memory: int | None = None
    ) -> subprocess.Popen[bytes]:
        with open(run / "log.txt", "ab") as log:
            process = subprocess.Popen([sys.executable, "-c", self.script], stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def kill(self) -> None:
        self.processes[-1].kill()
        self.processes[-1].wait()
