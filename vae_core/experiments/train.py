"""Trains what the Learn tab shows; what is there already is not trained again."""

import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..data import datasets
from ..data.drawings.digit import to_digit
from ..data.strokes import draw, example_digits
from ..errors import UsageError
from ..files import check_fetched, write_atomically
from ..models import build
from ..models.inference import reconstruct
from ..training import checkpoints
from ..training.checkpoints import packed
from ..training.devices import best_device, describe
from ..training.recipe import Recipe
from ..training.trainer import Report, Trainer
from ..types import Pictures, to_bytes, to_floats
from .catalogue import Racer


def train_missing(folder: Path, recipes: dict[str, Recipe], device: str = "auto") -> Iterator[str]:
    """Trains each recipe whose checkpoint is not in `folder`, and yields its name when it is.

    A checkpoint counts if it was trained to the end by that very recipe.

    Raises:
        UsageError: if the data or the device cannot be had, or a training fails.
    """
    for name, recipe in recipes.items():
        path = folder / f"{name}.safetensors"
        if is_trained(path, recipe):
            continue
        trainer = _trainer(recipe, device)
        results: dict[str, Any] = {"epoch": 0}
        for report in _epochs(trainer):
            results = report._asdict()
        write_atomically(path, packed(f"experiments/{path.name}", trainer.model, recipe, results))
        yield name


def is_trained(path: Path, recipe: Recipe) -> bool:
    """True if the checkpoint is there, and is what this recipe makes."""
    if not path.exists():
        return False
    found = checkpoints.load_checkpoint(path)
    return found.recipe == recipe and found.results["epoch"] == recipe.config.epochs


def run_race(folder: Path, racers: dict[str, Racer], device: str = "auto") -> Iterator[str]:
    """Trains each racer that `race.json` does not have, and yields its name when it is there.

    `race.json` has for each its recipe, command, parameters and device, and for each epoch the
    nats per image (train: averaged while training; test: on images held out) and the seconds
    spent training so far. `race.npz` has `originals`, the ten digits of `ten_digits`, and
    under each racer's name what it made of them at its snapshots: [snapshots, 10, h, w].

    Raises:
        UsageError: if the data or the device cannot be had, or a training fails.
    """
    curves_file, pictures_file = folder / "race.json", folder / "race.npz"
    check_fetched(pictures_file)
    digits = ten_digits()
    seen = to_floats(torch.from_numpy(digits)[:, None])
    for name, racer in racers.items():
        curves = json.loads(curves_file.read_text()) if curves_file.exists() else {}
        if name in curves and Recipe.from_plain(curves[name]["recipe"]) == racer.recipe:
            continue
        trainer = _trainer(racer.recipe, device)
        epochs, shots = [], []
        for report in _epochs(trainer):
            epochs.append(_line(report, trainer.seconds))
            if report.epoch in racer.snapshots:
                made = reconstruct(trainer.model, seen.to(trainer.device))
                shots.append(to_bytes(made[:, 0]).cpu().numpy())
        pictures = dict(np.load(pictures_file)) if pictures_file.exists() else {}
        pictures |= {"originals": digits, name: np.stack(shots)}
        curves[name] = {
            "recipe": racer.recipe.to_plain(),
            "command": racer.recipe.command(f"{name}.safetensors"),
            "snapshots": list(racer.snapshots),
            "parameters": sum(weight.numel() for weight in trainer.model.parameters()),
            "device": describe(trainer.device),
            "threads": torch.get_num_threads(),
            "epochs": epochs,
        }
        write_atomically(pictures_file, _npz(pictures))
        write_atomically(curves_file, (json.dumps(curves, indent=1) + "\n").encode())
        yield name


def ten_digits() -> NDArray[np.uint8]:
    """The page's first example of each class, as the models see it: [10, h, w]."""
    examples = {example.label: example for example in reversed(example_digits())}
    return np.stack([to_digit(draw(examples[label].strokes)) for label in sorted(examples)])


def _line(report: Report, seconds: float) -> dict[str, float]:
    nats = {  # a racer trains on all other images: what is held out is the test set
        "train_distortion": report.train_distortion,
        "train_rate": report.train_rate,
        "test_distortion": report.held_out_distortion,
        "test_rate": report.held_out_rate,
    }
    numbers = {name: round(value, 3) for name, value in nats.items()}
    return {"epoch": report.epoch, **numbers, "seconds": round(seconds, 2)}


def _trainer(recipe: Recipe, device: str) -> Trainer:
    images, labels = _pictures(recipe.dataset, recipe.split)
    held_out, held_out_labels = _pictures(recipe.dataset, recipe.held_out)
    model = build(recipe.model, recipe.config.seed)
    chosen = best_device(device)
    return Trainer(model, images, recipe.config, held_out, chosen, labels, held_out_labels)


def _epochs(trainer: Trainer) -> Iterator[Report]:
    try:
        for report in trainer.run():
            if isinstance(report, Report):
                yield report
    except KeyboardInterrupt:
        raise UsageError(
            "Stopped. What was trained to the end is kept; the same command goes on with the rest."
        ) from None


@cache
def _pictures(dataset: str, split: str) -> Pictures:
    return datasets.load(dataset, split)


def _npz(arrays: dict[str, NDArray[np.uint8]]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # pyright: ignore[reportArgumentType]
    return file.getvalue()
