"""What was measured ahead: the shipped models on test images, and the race of three trainings."""

import json
from typing import Any

import numpy as np

from vae_core.errors import UsageError

from ..store import Store
from ..wire import pack
from .answer import Answer

NATS = ("train_distortion", "train_rate", "test_distortion", "test_rate")


def measured(_: bytes, store: Store) -> dict[str, Any]:
    """The numbers of `checkpoints/metrics.json` by model.

    Raises:
        UsageError: if they are not there, or damaged.
    """
    path = store.folder / "metrics.json"
    try:
        return {"models": json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError) as error:
        raise UsageError(
            f"What was measured of the models cannot be read: {path.name} is missing or damaged. "
            "`python -m vae_core evaluate` writes it again."
        ) from error


def race(_: bytes, store: Store) -> bytes:
    """The curves of the race, and what each run made of ten digits at its snapshots.

    For each of the `runs` the header has its name, the `kind` of its model, its parameters, what
    it ran on, the epochs of its `snapshots`, and a line for each epoch: its number, the seconds
    so far, and the four quantities of `nats`. The body is the ten digits, and then those of each run and snapshot,
    a byte a pixel.

    Raises:
        UsageError: if the race was not run, or its files are damaged.
    """
    folder = store.folder / "lesson"
    try:
        runs = json.loads((folder / "race.json").read_text(encoding="utf-8"))
        with np.load(folder / "race.npz") as pictures:
            drawn = [pictures[name].astype(np.uint8) for name in ("originals", *runs)]
        about = [_facts(name, run) for name, run in runs.items()]
    except Exception as error:  # damaged files fail in a dozen ways
        raise UsageError(
            "The race cannot be shown: its files are missing or damaged. "
            "`python -m vae_core lesson race` runs it again."
        ) from error
    count, side = drawn[0].shape[:2]
    header = {"side": side, "count": count, "nats": list(NATS), "runs": about}
    return pack(header, b"".join(each.tobytes() for each in drawn))


def _facts(name: str, run: dict[str, Any]) -> dict[str, Any]:
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


ANSWERS: tuple[Answer, ...] = (Answer("measured", measured), Answer("race", race))
