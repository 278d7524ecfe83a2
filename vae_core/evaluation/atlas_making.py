"""How atlases are made: latents of the test images, their maps, and what is measured of both."""

from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..data import datasets
from ..data.datasets import Pictures
from ..errors import check_name
from ..latent.embedding import map_accuracy, pca, trustworthiness
from ..latent.importance import kl_per_latent
from ..latent.sampling import gaussian_for
from ..latent.tsne_steps import tsne
from ..models import inference
from ..training import checkpoints
from ..training.checkpoints import Checkpoint
from ..types import to_floats
from .atlas import FORMAT, MAPS, Atlas, is_fresh, rounded, save
from .classifier import load_classifier
from .latent_metrics import completeness, continuity

COUNT = 5_000  # images of a map; the first of the test images, the same for every model
COMPONENTS = 50  # of the pixels, the usual first step of t-SNE on pictures
PIXELS = "pixels"  # the name of the atlas that no model made
K = 15  # neighbours
MEASURED = ("n", "kl", "trustworthiness", "knn_accuracy", "continuity", "completeness")


def of_pictures(checkpoint: Checkpoint, pictures: Pictures) -> Atlas:
    """An atlas without maps, in the time that encoding takes: for models made a moment ago."""
    model, images = checkpoint.model, to_floats(pictures.images)
    kl = kl_per_latent(model, images).numpy() if model.is_gaussian else None
    return Atlas(
        checkpoint.name,
        pictures.labels.numpy().astype(np.uint8),
        rounded(inference.encode(model, images).numpy()),
        maps={},
        kl=kl,
        train=None,
        about={"format": FORMAT, "checksum": checkpoint.checksum, "n": len(images)},
    )


def make(
    checkpoint: Checkpoint, test: Pictures, train: Pictures, classifier: nn.Sequential | None
) -> Atlas:
    """The atlas of a checkpoint, with its maps and all that is measured of them.

    Arguments:
        test: what is mapped; its first 5,000 if z is more than 2.
        train: its latents are kept, all of them, if z is 2.
        classifier: tells which random latents are digits; without one, completeness is None.
    """
    model = checkpoint.model
    if model.latent_dim <= 2:
        plain = of_pictures(checkpoint, test)
        train_latents = rounded(inference.encode(model, to_floats(train.images)).numpy())
        atlas = plain._replace(train=train_latents)
        atlas.about["knn_accuracy"] = {
            "codes": round(map_accuracy(atlas.latents, atlas.labels), 4)
        }
    else:
        atlas = mapped(of_pictures(checkpoint, first(test)))
    latents = torch.from_numpy(atlas.latents)
    full = (
        None
        if classifier is None
        else round(completeness(model, gaussian_for(model, latents), classifier), 4)
    )
    even = None if model.codes else continuity(model, latents)._asdict()
    rounds = even and {name: round(value, 5) for name, value in even.items()}
    atlas.about.update({"continuity": rounds, "completeness": full})
    return atlas


def of_pixels(test: Pictures) -> Atlas:
    """The atlas that the models' are compared with: principal components of the pixels."""
    pictures = first(test)
    latents = rounded(pca(to_floats(pictures.images).flatten(1), COMPONENTS))
    about = {"format": FORMAT, "checksum": checksum(pictures), "n": len(latents)}
    labels = pictures.labels.numpy().astype(np.uint8)
    return mapped(Atlas(PIXELS, labels, latents, maps={}, kl=None, train=None, about=about))


def mapped(atlas: Atlas) -> Atlas:
    """The same atlas with its maps, and how far they can be trusted."""
    frames = {name: list(tsne(atlas.latents, how))[-1] for name, how in MAPS.items()}
    maps = {name: rounded(frame.points) for name, frame in frames.items()}
    spaces = {"codes": atlas.latents, **maps}
    numbers = {
        "seed": MAPS["tsne"].seed,
        "settings": {name: asdict(how) for name, how in MAPS.items()},
        "opentsne": version("opentsne"),
        "k": K,
        "kl": {name: round(frame.kl, 4) for name, frame in frames.items()},
        "trustworthiness": {
            name: round(trustworthiness(atlas.latents, points, K), 4)
            for name, points in maps.items()
        },
        "knn_accuracy": {
            name: round(map_accuracy(space, atlas.labels, K), 4) for name, space in spaces.items()
        },
    }
    return atlas._replace(maps=maps, about=atlas.about | numbers)


def first(pictures: Pictures) -> Pictures:
    """The images that are mapped."""
    return Pictures(pictures.images[:COUNT], pictures.labels[:COUNT])


def checksum(pictures: Pictures) -> str:
    """Of the images themselves: what the atlas of the pixels was made from."""
    return sha256(pictures.images.numpy().tobytes()).hexdigest()


def embed(folder: Path, names: list[str], dataset: str = "mnist") -> Iterator[Atlas]:
    """Yields each atlas when it is made and saved in `folder`/atlas.

    Arguments:
        folder: where the checkpoints are.
        names: the checkpoints whose atlases to make, or "pixels"; if empty, all that are missing,
            damaged or made from other weights or images.

    Raises:
        UsageError: if a name is not known, the data set or a checkpoint is missing or damaged, or
            they do not fit each other.
    """
    known = [*sorted(path.stem for path in folder.glob("*.safetensors")), PIXELS]
    for name in names:
        check_name("checkpoint", name, known)
    train, test = datasets.load(dataset, "all"), datasets.load(dataset, "test")
    classifier_file = folder / "classifier" / "classifier.safetensors"
    classifier = load_classifier(classifier_file) if classifier_file.exists() else None
    for name in names or known:
        path = folder / "atlas" / f"{name}.npz"
        if name == PIXELS:
            source, checkpoint = checksum(first(test)), None
        else:
            checkpoint = checkpoints.load_checkpoint(folder / f"{name}.safetensors")
            source = checkpoint.checksum
            checkpoint.model.check_images(test.images, f"'{name}'")
        if not names and is_fresh(path, source, dataset):
            continue
        atlas = make(checkpoint, test, train, classifier) if checkpoint else of_pixels(test)
        atlas.about["dataset"] = dataset
        save(path.parent, atlas)
        yield atlas
