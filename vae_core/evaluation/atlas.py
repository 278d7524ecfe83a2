"""An atlas: the latents that a model gives the test images, with maps of them, and its file."""

import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from ..files import check_fetched, write_atomically
from ..latent.tsne_steps import TsneSettings

FORMAT = 1
MAPS = {"tsne": TsneSettings(iterations=750), "tsne3": TsneSettings(iterations=750, dims=3)}
FLOATS = ("codes", "kl", "train", *(f"map_{name}" for name in MAPS))  # what a file may hold


class Atlas(NamedTuple):
    """The latents that a model gives the test images, and maps of them.

    Attributes:
        name: the checkpoint's, or "pixels".
        labels: the classes of the images, [n].
        latents: [n, z], rounded to half precision where it reaches.
        maps: by name: "tsne", [n, 2], and "tsne3", [n, 3]; none where z is 2.
        kl: nats that each latent tells of an image on average, [z]; None without a prior.
        train: the latents of all training images, [m, 2]; None where z is more than 2.
        about: where this comes from, and its numbers, as plain data.
    """

    name: str
    labels: NDArray[np.uint8]
    latents: NDArray[np.float32]
    maps: dict[str, NDArray[np.float32]]
    kl: NDArray[np.float32] | None
    train: NDArray[np.float32] | None
    about: dict[str, Any]


def rounded(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """The numbers as the file will hold them: in half precision, unless one is too large."""
    with np.errstate(over="ignore"):
        half = numbers.astype(np.float16).astype(np.float32)
    return half if np.isfinite(half).all() else numbers


def is_fresh(path: Path, source: str, dataset: str) -> bool:
    """True if the atlas in `path` was made from these weights or images, and this data set."""
    try:
        return load(path, source).about.get("dataset") == dataset
    except UsageError:
        return False


def save(folder: Path, atlas: Atlas) -> None:
    """Writes `folder`/name.npz, all of it or nothing; the folder is made if need be.

    Raises:
        UsageError: if the disk is full or read-only.
    """
    floats = {"codes": atlas.latents, "train": atlas.train, "kl": atlas.kl}
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
    check_fetched(path)
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
    length = atlas.latents.shape[1]
    shapes = [labels[:, None].shape, *(points.shape for points in atlas.maps.values())]
    wanted = [
        (len(atlas.latents), 1),
        *((len(atlas.latents), MAPS[name].dims) for name in atlas.maps),
    ]
    if shapes != wanted or (atlas.kl is not None and atlas.kl.shape != (length,)):
        raise ValueError("arrays that do not fit together")
    if not all(np.isfinite(array).all() for array in floats.values()):
        raise ValueError("numbers that are not finite")
    return atlas


def _compact(array: NDArray[np.float32]) -> NDArray[Any]:
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), array) else array
