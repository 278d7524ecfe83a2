"""Measures the models of the Learn tab on test images, and writes the tables beside them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import PIL
from torch import nn

from .. import types
from ..data import datasets
from ..evaluation import metrics
from ..evaluation.classifier import accuracy, load_classifier
from ..evaluation.compression import (
    QUALITIES,
    Span,
    Stored,
    dequantise,
    jpeg,
    png,
    quantise,
    span_of,
)
from ..evaluation.task_metrics import MEASURES
from ..files import write_atomically
from ..models import inference
from ..training.checkpoints import Checkpoint
from ..types import Images, Pictures
from . import catalogue

SEED = 0
DIGITS = 6  # significant ones of the spans, well below half a step


class ExperimentData(NamedTuple):
    """The images and the classifier that every experiment is measured with."""

    train: Images
    test: Pictures
    test_images: Images
    classifier: nn.Sequential


def prepare(classifier_file: Path) -> ExperimentData:
    """MNIST's images, and the digit classifier in `classifier_file`.

    Raises:
        UsageError: if MNIST or the classifier is missing or damaged.
    """
    train, test = datasets.load("mnist", "all"), datasets.load("mnist", "test")
    return ExperimentData(
        types.to_floats(train.images),
        test,
        types.to_floats(test.images),
        load_classifier(classifier_file),
    )


def measure_missing(folder: Path, names: Sequence[str], data: ExperimentData) -> Iterator[str]:
    """Measures each model that `metrics.json` does not have by its weights, and yields its name.

    A model whose file is not in `folder` is passed over. In `metrics.json`, `models` has the
    numbers of `measure` by name, or of `measure_task`, and `files` those of `measure_files`.
    """
    table_file = folder / "metrics.json"
    known = json.loads(table_file.read_text()) if table_file.exists() else {}
    table: dict[str, Any] = {
        "n_images": len(data.test_images),
        "seed": SEED,
        "pillow": PIL.__version__,
        "files": known["files"]
        if known.get("pillow") == PIL.__version__
        else measure_files(data.test),
        "models": {},
    }
    for name in names:
        if not catalogue.file_of(folder, name).exists():
            continue
        checkpoint = catalogue.load(folder, name)
        before = known.get("models", {}).get(name, {})
        if before.get("checksum") == checkpoint.checksum:
            table["models"][name] = before
            continue
        another = checkpoint.recipe.config.task != "same"
        measured = measure_task if another else measure
        table["models"][name] = measured(checkpoint, data)
        yield name
    write_atomically(table_file, (json.dumps(table, indent=1) + "\n").encode())


def measure(checkpoint: Checkpoint, data: ExperimentData) -> dict[str, Any]:
    """The numbers of one model; the units are in `report.LEGEND`.

    `span` has the smallest and the largest value of each latent over the training images: what one byte a number is counted between.
    """
    model, images = checkpoint.model, data.test_images
    span = rounded(span_of(inference.encode(model, data.train)))
    test_latents = inference.encode(model, images)
    made = inference.decode(model, test_latents)
    made_of_bytes = inference.decode(model, dequantise(quantise(test_latents, span), span))
    mse, mse_of_bytes = ((each - images).square().mean().item() for each in (made, made_of_bytes))
    distortion, rate = inference.distortion_and_rate(model, images, seed=SEED)
    numbers = {
        "mse": mse,
        "mse_8bit": mse_of_bytes,
        "distortion_nats": distortion,
        "rate_nats": rate,
        "keep_rate": accuracy(data.classifier, made, data.test.labels),
    }
    return {
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "code_numbers": model.latent_dim,
        **{name: round(value, 6) for name, value in numbers.items()},
        "active_units": metrics.active_units(test_latents),
        "span": [span.low.tolist(), span.high.tolist()],
        "checksum": checkpoint.checksum,
    }


def measure_task(checkpoint: Checkpoint, data: ExperimentData) -> dict[str, Any]:
    """The numbers of a model whose target is not its input: see `task_metrics`."""
    model = checkpoint.model
    return {
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "code_numbers": model.latent_dim,
        **MEASURES[checkpoint.recipe.config.task](model, data.test, SEED),
        "checksum": checkpoint.checksum,
    }


def rounded(span: Span) -> Span:
    """The span as JSON holds it in few digits."""
    low, high = ([float(f"{n:.{DIGITS}g}") for n in each.tolist()] for each in span)
    return Span(*(span.low.new_tensor(each) for each in (low, high)))


def measure_files(test: Pictures) -> dict[str, dict[str, float]]:
    """The test images as JPEG and PNG files: bytes on average, and the error."""
    pictures = test.images[:, 0].numpy()
    jpegs = {
        f"jpeg-{quality}": _averages([jpeg(each, quality) for each in pictures], pictures)
        for quality in QUALITIES
    }
    return {**jpegs, "png": _averages([png(each) for each in pictures], pictures)}


def _averages(stored: list[Stored], pictures: Any) -> dict[str, float]:
    back = np.stack([each.picture for each in stored])
    return {
        "bytes": round(float(np.mean([each.whole for each in stored])), 2),
        "data_bytes": round(float(np.mean([each.data for each in stored])), 2),
        "mse": round(float(np.square((back - pictures.astype(np.float64)) / 255).mean()), 7),
    }
