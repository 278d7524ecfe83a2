"""Training in the page: what a sweep of the command line has come to, rate against distortion."""

import os
import shlex
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..runs.request import SweepRequest
from ..runs.run import Run
from ..store.models import Store
from ..styles import kind_look
from ..wire.packing import LONGEST_HEADER, unpack
from ..wire.request import read
from .answer import Answer

if TYPE_CHECKING:
    from vae_core.training.recipe import Recipe

COMMAND = "python -m vae_core sweep vae --data digits --beta 0.25 0.5 1 2 4 --epochs 30 --folder"


def sweeps(message: bytes, store: Store) -> dict[str, Any]:
    """The names of all sweeps, the newest first, and what the one called `name` has come to.

    Without a name that is of the newest one. `command` would make another sweep; it is None on a
    page for strangers.

    Raises:
        UsageError: if there is no sweep of that name.
    """
    names = store.jobs.sweeps()
    name = read(SweepRequest, unpack(message)[0]).name
    name = names[0] if name is None and names else name
    return {
        "sweeps": names,
        "command": _command(store) if store.jobs.limits.everyones else None,
        "sweep": None if name is None else _curve(store, name),
    }


def _command(store: Store) -> str:
    return f"{COMMAND} {shlex.quote(os.path.relpath(store.jobs.folder / 'beta'))}"


def _curve(store: Store, name: str) -> dict[str, Any]:
    from vae_core.evaluation.rate_distortion import Point, frontier
    from vae_core.experiments.sweep import sweeps_now
    from vae_core.training.recipe import differences

    runs = store.jobs.sweep(name)

    known = [(run, _learnt(run)) for run in runs]
    settings = differences([learnt.recipe for _, learnt in known])
    points = [
        _point(run, learnt, varied)
        for (run, learnt), varied in zip(known, settings, strict=True)
        if learnt.rate is not None and learnt.distortion is not None
    ]
    points.sort(key=lambda point: (point["rate"], point["distortion"]))
    done = [
        Point(point["settings"], point["rate"], point["distortion"], point["run"])
        for point in points
        if point["state"] == "done"
    ]
    best = {point.folder for point in frontier(done)}
    looks = {learnt.recipe.model.name for _, learnt in known}
    return {
        "name": name,
        "runs": len(runs),
        "done": sum(run.state == "done" for run in runs),
        "going": sweeps_now(store.jobs.folder / name),
        "failed": sum(run.state == "failed" for run in runs),
        "points": [{**point, "best": point["run"] in best} for point in points],
        "models": {model: _look(model) for model in sorted(looks)},
    }


class Learnt(NamedTuple):
    """What a run has come to: after its last whole epoch, nats per image on held-out images."""

    recipe: "Recipe"
    epoch: int
    rate: float | None
    distortion: float | None


def _learnt(run: Run) -> Learnt:
    metrics = run.files.path / "metrics.jsonl"
    version = metrics.stat().st_mtime_ns if metrics.exists() else 0
    return _read(run.files.path, version)


@lru_cache(2000)  # two sweeps as large as can be: runs that are done are read once
def _read(path: Path, version: int) -> Learnt:
    from vae_core.training.run_directory import RunDir

    files = RunDir(path)
    metrics = files.follow()
    metrics.read()
    last = metrics.last_epoch or {}
    rate, distortion = last.get("held_out_rate"), last.get("held_out_distortion")
    return Learnt(files.recipe(), last.get("epoch", 0), rate, distortion)


def _point(run: Run, learnt: Learnt, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": run.id,
        "settings": settings,
        "model": learnt.recipe.model.name,
        "state": run.state,
        "epoch": learnt.epoch,
        "epochs": learnt.recipe.config.epochs,
        "rate": learnt.rate,
        "distortion": learnt.distortion,
    }


def _look(model: str) -> dict[str, str]:
    look = kind_look(model)
    return {"label": look.label, "colour": look.colour, "symbol": look.mark}


ANSWER = Answer("train-sweeps", sweeps, 4 + LONGEST_HEADER, slow=True)
