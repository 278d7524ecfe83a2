"""What commands measured ahead and wrote beside the models: the only reader of these tables."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError
from vae_core.files import check_fetched

from .models import Store

Table = dict[str, Any]
NATS = ("train_distortion", "train_rate", "test_distortion", "test_rate")


class BetaCost(NamedTuple):
    """What a model trained at some beta pays for a test image, in nats on average."""

    name: str
    beta: float
    rate: float
    distortion: float


class Race(NamedTuple):
    """Several trainings side by side.

    Attributes:
        runs: of each its `name`, the `kind` of its model, its `parameters`, the `device` it ran
            on, the epochs of its `snapshots`, and of all `epochs` the number, the seconds so far,
            and the quantities of `NATS`.
        originals: [n, h, w], digits that each drew at its snapshots.
        drawn: by name, what it drew of them: [snapshots, n, h, w].
    """

    runs: list[Table]
    originals: NDArray[np.uint8]
    drawn: dict[str, NDArray[np.uint8]]


def shipped(store: Store) -> dict[str, Table]:
    """The numbers of the shipped models on held-out images, by model.

    Raises:
        UsageError: if they are missing or damaged.
    """
    with _written_by("evaluate", "What was measured of the models"):
        return _table(store.folder / "metrics.json")


def learn(store: Store) -> Table:
    """The numbers of the Learn tab's `models` on `n_images` test images, and of picture `files`.

    Raises:
        UsageError: if they are missing or damaged.
    """
    with _written_by("experiments", "What was measured of the models of the Learn tab"):
        table = _table(store.experiments / "metrics.json")
        return {name: table[name] for name in ("models", "files", "n_images")}


def betas(store: Store) -> tuple[int, list[BetaCost]]:
    """How many test images the models at different beta were measured on, and their costs.

    Raises:
        UsageError: if they are missing or damaged.
    """
    from vae_core.experiments.catalogue import BETA_FAMILY

    with _written_by("experiments betas", "What was measured of the maps at different beta"):
        table = _table(store.experiments / "metrics.json")
        of = {name: table["models"][name] for name in BETA_FAMILY}
        return table["n_images"], [
            BetaCost(name, recipe.config.beta, of[name]["rate_nats"], of[name]["distortion_nats"])
            for name, recipe in BETA_FAMILY.items()
        ]


def tasks(store: Store, colourer: str, segmenter: str) -> Table:
    """How well the two models of other tasks do on test images; empty where nobody measured it."""
    try:
        with _written_by("experiments", "What was measured of the two models"):
            table = _table(store.experiments / "metrics.json")
            return {
                "images": table["n_images"],
                "nearest_is_right": table["models"][colourer]["nearest_is_right"],
                "clutter": table["models"][segmenter]["clutter"],
            }
    except UsageError:
        return {}


def race(store: Store) -> Race:
    """The curves of the race, and what each run made of ten digits at its snapshots.

    Raises:
        UsageError: if the race was not run, or its files are damaged.
    """
    check_fetched(store.experiments / "race.npz")
    with _written_by("experiments race", "The race"):
        runs = _table(store.experiments / "race.json")
        with np.load(store.experiments / "race.npz") as pictures:
            drawn = {name: pictures[name].astype(np.uint8) for name in ("originals", *runs)}
        facts = [_facts_of_run(name, run) for name, run in runs.items()]
        return Race(facts, drawn.pop("originals"), drawn)


def _facts_of_run(name: str, run: Table) -> Table:
    return {
        "name": name,
        "kind": run["recipe"]["model"]["name"],
        "parameters": run["parameters"],
        "device": run["device"],
        "snapshots": run["snapshots"],
        "epochs": [
            [line["epoch"], line["seconds"], *(line[each] for each in NATS)]
            for line in run["epochs"]
        ],
    }


@contextmanager
def _written_by(command: str, what: str) -> Iterator[None]:
    """Tells in a sentence of files that are missing or damaged, which shows in a dozen ways."""
    try:
        yield
    except Exception as error:
        raise UsageError(
            f"{what} cannot be shown: a file is missing or damaged. "
            f"`python -m vae_core {command}` writes it again."
        ) from error


def _table(path: Path) -> Table:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(8)
def _read(path: Path, version: int) -> Table:
    return json.loads(path.read_text(encoding="utf-8"))
