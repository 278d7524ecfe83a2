"""A sweep: the same training over a grid of settings, side by side, resumable."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import UsageError, check_range
from ..evaluation.rate_distortion import Point, in_markdown, in_svg
from ..files import holder, holding, write_atomically
from ..training.recipe import Recipe
from ..training.run_directory import RunDir

MOST = 1000  # runs in a sweep
LOOK = 0.2  # seconds between two looks at the children


def grid(values: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Every combination of the values, the last name varying fastest.

    Raises:
        UsageError: if there are none, or too many.
    """
    combinations = [
        dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())
    ]
    check_range("the number of combinations", len(combinations), 1, MOST, whole=True)
    return combinations


def sweep(
    folder: Path, runs: list[tuple[dict[str, Any], Recipe]], processes: int
) -> Iterator[Point]:
    """Trains every recipe in a directory of its own below `folder`, and yields each when it is done.

    Runs that are done are not trained again, and one that was interrupted goes on: start the same
    sweep again after a stop. Leaves `table.md`, `table.json` and `rate-distortion.svg` in `folder`,
    up to date after each run.

    Arguments:
        runs: the settings that are varied, with the recipe that they make.
        processes: how many train at once, on a thread each.

    Raises:
        UsageError: if a run fails; those before it are kept. Or if another process sweeps in there.
    """
    check_range("processes", processes, 1, 256, whole=True)
    with _claimed(folder):
        yield from _train_all(folder, runs, processes)


def sweeps_now(folder: Path) -> bool:
    """True if a process sweeps in this folder."""
    return holder(folder / "lock") is not None


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Keeps other sweeps out of the folder while the block runs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written to: {error.strerror}. Choose another --folder."
        ) from error
    with holding(folder / "lock") as mine:
        if not mine:
            raise UsageError(
                f"Another process sweeps in {folder} already. Wait until it is done, or choose "
                "another --folder."
            )
        yield


def _train_all(
    folder: Path, runs: list[tuple[dict[str, Any], Recipe]], processes: int
) -> Iterator[Point]:
    waiting = [(settings, _begun(folder, settings, recipe)) for settings, recipe in runs]
    going: list[tuple[dict[str, Any], RunDir, subprocess.Popen]] = []
    done: list[Point] = []
    try:
        while waiting or going:
            while waiting and len(going) < processes:
                settings, run = waiting.pop(0)
                going.append((settings, run, _start(run)))
            ended = [each for each in going if each[2].poll() is not None]
            for settings, run, child in ended:
                going.remove((settings, run, child))
                done.append(_point(settings, run))
                _write(folder, done)
                yield done[-1]
            if not ended:
                time.sleep(LOOK)
    finally:
        for _, _, child in going:
            child.terminate()


def _begun(folder: Path, settings: dict[str, Any], recipe: Recipe) -> RunDir:
    name = ",".join(f"{key}={value}" for key, value in settings.items()) or "only"
    run = RunDir(folder / name)
    run.begin(recipe)
    return run


def _start(run: RunDir) -> subprocess.Popen:
    if run.status()["state"] == "done":
        return subprocess.Popen([sys.executable, "-c", ""])
    with open(run.path / "log.txt", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "vae_core", "train", "--run-dir", str(run.path)],
            stdout=log,
            stderr=log,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )


def _point(settings: dict[str, Any], run: RunDir) -> Point:
    status = run.status()
    epochs = [line for line in run.metrics() if line["kind"] == "epoch"]
    if status["state"] != "done" or not epochs:
        raise UsageError(
            f"The run in {run.path} did not finish: {status['sentence'] or status['state']}. "
            "Its log.txt says more; the same command goes on with the others."
        )
    last = epochs[-1]
    return Point(settings, last["held_out_rate"], last["held_out_distortion"], run.path.name)


def _write(folder: Path, done: list[Point]) -> None:
    points = sorted(done, key=lambda point: point.rate)
    plain = [point._asdict() for point in points]
    write_atomically(folder / "table.json", (json.dumps(plain, indent=1) + "\n").encode())
    write_atomically(folder / "table.md", in_markdown(points).encode())
    write_atomically(folder / "rate-distortion.svg", in_svg(points).encode())
