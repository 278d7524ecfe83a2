"""Atlases: the test images' codes and maps of them, one file per checkpoint, ready to be shown."""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..data import datasets
from ..data.datasets import Pictures
from ..errors import UsageError, check_name
from ..files import write_atomically
from ..latent.embedding import TsneSettings, map_accuracy, pca, trustworthiness, tsne
from ..latent.importance import kl_per_latent
from ..latent.sampling import fit_gaussian, standard_normal
from ..models import GaussianLatents, inference
from ..training import checkpoints
from ..training.checkpoints import Checkpoint
from ..types import to_floats
from .classifier import load_classifier
from .latent_metrics import completeness, continuity

FORMAT = 1
COUNT = 5_000  # images of a map; the first of the test images, the same for every model
COMPONENTS = 50  # of the pixels, the usual first step of t-SNE on pictures
PIXELS = "pixels"  # the name of the atlas that no model made
K = 15  # neighbours
MAPS = {"tsne": TsneSettings(iterations=750), "tsne3": TsneSettings(iterations=750, dims=3)}
MEASURED = ("n", "kl", "trustworthiness", "knn_accuracy", "continuity", "completeness")
FLOATS = ("codes", "kl", "train", *(f"map_{name}" for name in MAPS))  # what a file may hold


class Atlas(NamedTuple):
    """Where a model puts the test images.

    Attributes:
        name: the checkpoint's, or "pixels".
        labels: the classes of the images, [n].
        codes: [n, z], rounded to half precision where it reaches.
        maps: by name: "tsne", [n, 2], and "tsne3", [n, 3]; none of codes of two numbers.
        kl: nats that each latent tells of an image on average, [z]; None without a prior.
        train: the codes of all training images, [m, 2]; None of codes longer than two.
        about: where this comes from, and its numbers, as plain data.
    """

    name: str
    labels: NDArray[np.uint8]
    codes: NDArray[np.float32]
    maps: dict[str, NDArray[np.float32]]
    kl: NDArray[np.float32] | None
    train: NDArray[np.float32] | None
    about: dict[str, Any]


def of_pictures(checkpoint: Checkpoint, pictures: Pictures) -> Atlas:
    """An atlas without maps, in the time that encoding takes: for models made a moment ago."""
    model, images = checkpoint.model, to_floats(pictures.images)
    kl = kl_per_latent(model, images).numpy() if isinstance(model, GaussianLatents) else None
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
    checkpoint: Checkpoint, test: Pictures, train: Pictures, judge: nn.Sequential | None
) -> Atlas:
    """The atlas of a checkpoint, with its maps and all that is measured of them.

    Arguments:
        test: what is mapped; its first 5,000 if the code is longer than two numbers.
        train: its codes are kept, all of them, if the code is two numbers.
        judge: tells which random codes are digits; without one, completeness is None.
    """
    model = checkpoint.model
    if model.latent_dim <= 2:
        plain = of_pictures(checkpoint, test)
        train_codes = rounded(inference.encode(model, to_floats(train.images)).numpy())
        atlas = plain._replace(train=train_codes)
        atlas.about["knn_accuracy"] = {"codes": round(map_accuracy(atlas.codes, atlas.labels), 4)}
    else:
        atlas = mapped(of_pictures(checkpoint, first(test)))
    codes = torch.from_numpy(atlas.codes)
    prior = (
        standard_normal(model.latent_dim)
        if isinstance(model, GaussianLatents)
        else fit_gaussian(codes)
    )
    full = None if judge is None else round(completeness(model, prior, judge), 4)
    even = {name: round(value, 5) for name, value in continuity(model, codes)._asdict().items()}
    atlas.about.update({"continuity": even, "completeness": full})
    return atlas


def of_pixels(test: Pictures) -> Atlas:
    """What the models' atlases are compared with: principal components of the pixels."""
    pictures = first(test)
    codes = rounded(pca(to_floats(pictures.images).flatten(1), COMPONENTS))
    about = {"format": FORMAT, "checksum": checksum(pictures), "n": len(codes)}
    labels = pictures.labels.numpy().astype(np.uint8)
    return mapped(Atlas(PIXELS, labels, codes, maps={}, kl=None, train=None, about=about))


def mapped(atlas: Atlas) -> Atlas:
    """The same atlas with its maps, and how far they can be trusted."""
    frames = {name: list(tsne(atlas.codes, how))[-1] for name, how in MAPS.items()}
    maps = {name: rounded(frame.points) for name, frame in frames.items()}
    spaces = {"codes": atlas.codes, **maps}
    numbers = {
        "seed": MAPS["tsne"].seed,
        "settings": {name: asdict(how) for name, how in MAPS.items()},
        "opentsne": version("opentsne"),
        "k": K,
        "kl": {name: round(frame.kl, 4) for name, frame in frames.items()},
        "trustworthiness": {
            name: round(trustworthiness(atlas.codes, points, K), 4)
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


def rounded(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """The numbers as the file will hold them: in half precision, unless one is too large."""
    with np.errstate(over="ignore"):
        half = numbers.astype(np.float16).astype(np.float32)
    return half if np.isfinite(half).all() else numbers


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
    judge_file = folder / "judge" / "classifier.safetensors"
    judge = load_classifier(judge_file) if judge_file.exists() else None
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
        atlas = make(checkpoint, test, train, judge) if checkpoint else of_pixels(test)
        atlas.about["dataset"] = dataset
        save(path.parent, atlas)
        yield atlas


def is_fresh(path: Path, source: str, dataset: str) -> bool:
    """Whether the atlas in `path` was made from these weights or images, and this data set."""
    try:
        return load(path, source).about.get("dataset") == dataset
    except UsageError:
        return False


def save(folder: Path, atlas: Atlas) -> None:
    """Writes `folder`/name.npz, all of it or nothing; the folder is made if need be.

    Raises:
        UsageError: if the disk is full or read-only.
    """
    floats = {"codes": atlas.codes, "train": atlas.train, "kl": atlas.kl}
    floats |= {f"map_{name}": points for name, points in atlas.maps.items()}
    arrays: dict[str, Any] = {
        name: _compact(array) for name, array in floats.items() if array is not None
    }
    arrays |= {"labels": atlas.labels, "about": json.dumps(atlas.about)}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / f"{atlas.name}.npz", file.getvalue())
    except OSError as error:
        raise UsageError(
            f"The atlas in {folder} could not be written: {error.strerror}."
        ) from error


def load(path: Path, source: str | None = None) -> Atlas:
    """The atlas in `path`. Only arrays and JSON are read: opening a stranger's file runs no code.

    Arguments:
        source: the checksum of the checkpoint that it must have been made from; any if None.

    Raises:
        UsageError: if the file is missing, damaged, of another format, or made from other
            weights.
    """
    path = Path(path)
    again = f"`python -m vae_core embed {path.stem}` makes it again."
    if not path.is_file():
        raise UsageError(f"There is no atlas at {path}. {again}")
    try:
        atlas = _read(path)
    except UsageError:
        raise
    except Exception as error:  # damaged files fail in a dozen ways: see test_atlas.py
        raise UsageError(f"{path.name} is damaged or is not an atlas. {again}") from error
    if source is not None and atlas.about["checksum"] != source:
        raise UsageError(f"{path.name} was made from other weights than the checkpoint's. {again}")
    return atlas


def _read(path: Path) -> Atlas:
    with np.load(path, allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
        if about["format"] != FORMAT:
            raise UsageError(
                f"{path.name} has atlas format {about['format']}, and this version reads format "
                f"{FORMAT}. `python -m vae_core embed {path.stem}` makes it again."
            )
        labels = file["labels"].astype(np.uint8, casting="safe")
        names = set(file.files) - {"about", "labels"}
        if not names <= set(FLOATS):
            raise ValueError("arrays that no atlas has")
        floats = {name: file[name].astype(np.float32) for name in names}
    atlas = Atlas(
        path.stem,
        labels,
        floats["codes"],
        {name: floats[f"map_{name}"] for name in MAPS if f"map_{name}" in floats},
        floats.get("kl"),
        floats.get("train"),
        about,
    )
    length = atlas.codes.shape[1]
    shapes = [labels[:, None].shape, *(points.shape for points in atlas.maps.values())]
    wanted = [(len(atlas.codes), 1), *((len(atlas.codes), MAPS[name].dims) for name in atlas.maps)]
    if shapes != wanted or (atlas.kl is not None and atlas.kl.shape != (length,)):
        raise ValueError("arrays that do not fit together")
    if not all(np.isfinite(array).all() for array in floats.values()):
        raise ValueError("numbers that are not finite")
    return atlas


def _compact(array: NDArray[np.float32]) -> NDArray[Any]:
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), array) else array
