"""Measures every checkpoint on MNIST's 10,000 test images, and writes the tables people read."""

import json
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Generator, nn

from .. import types
from ..data import datasets
from ..data.datasets import Pictures
from ..errors import UsageError
from ..files import write_atomically
from ..models import Autoencoder, inference
from ..training import checkpoints
from ..training.checkpoints import Checkpoint
from ..types import Images, Latents
from . import metrics
from .classifier import accuracy, load_classifier, save_classifier, train_classifier
from .likeness import KNOWN, measured, save_likeness
from .tables import in_markdown

SIGMAS = (0.25, 0.5, 0.75)  # of the Gaussian noise that denoising is measured with
SHIFT = 4  # pixels down and right, for `keep_rate_shifted`
SEED = 0
ASKED = 1000  # samples of each class, from the prior of a model that is told it


class EvaluationData(NamedTuple):
    """The images and the classifier that every checkpoint is measured with, made once."""

    train: Pictures
    train_images: Images
    test: Pictures
    test_images: Images
    shifted: Images  # the test images as drawings, moved
    classifier: nn.Sequential


def evaluate(folder: Path, names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each checkpoint's name and numbers, and leaves both tables in `folder`.

    Arguments:
        names: the checkpoints to measure again; all of them if empty. The others keep the
            numbers they have.

    Raises:
        UsageError: if MNIST or a checkpoint is missing or damaged, or a model's target was not its
            input, or not of MNIST's shape.
    """
    loaded = [checkpoints.load_checkpoint(path) for path in sorted(folder.glob("*.safetensors"))]
    for checkpoint in loaded:
        if checkpoint.recipe.config.task != "same":
            raise UsageError(
                f"'{checkpoint.name}' learnt the task '{checkpoint.recipe.config.task}', and what "
                "is measured here is how well models draw their input again. Move it to another "
                "folder; `python -m vae_core experiments` measures those of the Learn tab."
            )
    data, classifier_accuracy = prepare(folder)
    for checkpoint in loaded:
        checkpoint.model.check_images(data.test_images, f"'{checkpoint.name}'")
    table_file = folder / "metrics.json"
    known = json.loads(table_file.read_text()) if table_file.exists() else {}
    table: dict[str, Any] = {}
    for checkpoint in loaded:
        if names and checkpoint.name not in names and checkpoint.name in known:
            table[checkpoint.name] = known[checkpoint.name]
            continue
        table[checkpoint.name] = measure(checkpoint, data) | {
            "judge_accuracy": classifier_accuracy
        }
        yield checkpoint.name, table[checkpoint.name]
    write_atomically(table_file, (json.dumps(table, indent=2) + "\n").encode())
    write_atomically(folder / "README.md", in_markdown(loaded, table).encode())


def prepare(folder: Path) -> tuple[EvaluationData, float]:
    """The images, and the digit classifier with its accuracy; trained first if it is not there.

    What it sees of held-out digits is written down beside it.
    """
    train, test = datasets.load("mnist", "all"), datasets.load("mnist", "test")
    test_images = types.to_floats(test.images)
    path = folder / "classifier" / "classifier.safetensors"
    if not path.exists():
        classifier = train_classifier(train.images, train.labels)
        path.parent.mkdir(exist_ok=True)
        save_classifier(
            path, classifier, {"accuracy": accuracy(classifier, test_images, test.labels)}
        )
    classifier = load_classifier(path)
    if not (seen := path.with_name("digits.npz")).exists() and len(test.images) > KNOWN:
        save_likeness(seen, measured(classifier, test.images))
    data = EvaluationData(
        train,
        types.to_floats(train.images),
        test,
        test_images,
        metrics.as_drawn(test.images, SHIFT),
        classifier,
    )
    return data, round(accuracy(classifier, test_images, test.labels), 4)


def measure(checkpoint: Checkpoint, data: EvaluationData) -> dict[str, Any]:
    """Every number of one checkpoint; the units are in `in_markdown`'s legend."""
    model, images, labels = checkpoint.model, data.test_images, data.test.labels
    recall = inference.encode(model, data.train_images)
    test_latents = inference.encode(model, images)
    mse = metrics.mean_squared_error(model, images)
    distortion, rate = inference.distortion_and_rate(model, images, seed=SEED)
    denoised = {sigma: metrics.denoise_psnr_db(model, images, sigma, SEED) for sigma in SIGMAS}

    def kept(originals: Images) -> float:
        return accuracy(data.classifier, inference.reconstruct(model, originals), labels)

    numbers = {
        "mse": mse,
        "psnr_db": metrics.psnr_db(mse),
        "distortion_nats": distortion,
        "rate_nats": rate,
        "active_units": metrics.active_units(test_latents),
        "active_share": metrics.active_share(test_latents),
        "knn_accuracy": metrics.knn_accuracy(recall, data.train.labels, test_latents, labels),
        "linear_probe_accuracy": metrics.linear_probe_accuracy(
            recall, data.train.labels, test_latents, labels
        ),
        "keep_rate": kept(images),
        "keep_rate_shifted": kept(data.shifted),
    }
    about: dict[str, Any] = {}
    if model.classes and model.has_prior:
        about["told"] = told_the_class(checkpoint, data)
    if model.codes:
        about["codes"] = codes_used(model, test_latents)
    return {
        **{name: round(value, 5) for name, value in numbers.items()},
        "denoise_psnr_db": {str(sigma): round(out, 2) for sigma, (_, out) in denoised.items()},
        "noisy_psnr_db": {str(sigma): round(before, 2) for sigma, (before, _) in denoised.items()},
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "code_numbers": model.latent_dim,
        "compression_ratio": round(metrics.compression_ratio(model), 2),
        "n_images": len(images),
        "seed": SEED,
        **about,
    }


def codes_used(model: Autoencoder, latents: Latents) -> dict[str, Any]:
    """How many codes there are, the bits of an image in them, and how evenly these latents use them.

    The perplexity is the number of codes that would be used as evenly if all of them were alike.
    """
    shares = torch.bincount(model.codes_of(latents).flatten(), minlength=model.codes).double()
    shares /= shares.sum()
    return {
        "count": model.codes,
        "cells": prod(model.grid),
        "bits": round(model.latent_bits, 1),
        "used": int((shares > 0).sum()),
        "perplexity": round(torch.special.entr(shares).sum().exp().item(), 1),
    }


def told_the_class(checkpoint: Checkpoint, data: EvaluationData) -> dict[str, Any]:
    """What a model does that is told the class of each image, and of each sample from its prior."""
    model, images, labels = checkpoint.model, data.test_images, data.test.labels
    told, asked = torch.zeros_like(images), 0.0
    for digit in range(model.classes):
        of_class = model.told(torch.tensor([digit]))
        rows = labels == digit
        told[rows] = inference.reconstruct(of_class, images[rows])
        latents = model.sample_prior(ASKED, Generator().manual_seed(SEED + digit))
        drawn = inference.decode(of_class, latents)
        asked += accuracy(data.classifier, drawn, torch.full((ASKED,), digit)) / model.classes
    distortion, rate = inference.distortion_and_rate(model, images, seed=SEED, labels=labels)
    numbers = {
        "mse": (told - images).square().mean().item(),
        "distortion_nats": distortion,
        "rate_nats": rate,
        "asked_rate": asked,
    }
    return {
        **{name: round(value, 5) for name, value in numbers.items()},
        "n_samples": ASKED * model.classes,
    }
