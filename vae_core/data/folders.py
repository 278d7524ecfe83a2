"""Data sets of your own, named by where they are.

    folder:PATH     every picture in a folder and its sub-folders, as `gathering.as_photograph`
    drawings:PATH   the same, as `gathering.as_drawing`
    file:PATH       pictures that `packed` has put into one file

A picture's class is the name of the folder that it lies in, as `classes` tells. Pictures are
sorted by their names and shuffled in a way that depends on their number alone; the last sixth of
that is the test, the one before it the validation, and the rest is for training. So the same
pictures are always split in the same way.
"""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes

from ..errors import UsageError, is_clean
from ..files import check_fetched
from ..types import Pictures
from .classes import MOST_CLASSES
from .ingest import (
    LEAST,
    MOST,
    SIDE,
    WAYS,
    File,
    Gathered,
    gather,
    is_hidden,
    is_picture,
)

FORMS = ("folder:PATH", "drawings:PATH", "file:PATH")
KEY = "vae-playground-pictures"  # of our JSON in the file's metadata
LARGEST = 2 * MOST * SIDE * SIDE  # bytes of such a file
MOST_FILES = 200_000  # of any kind, that a folder is searched through


def is_own(name: object) -> bool:
    """True if this is the name of pictures of one's own, wherever they are.

    Raises:
        UsageError: if it could be, but names no path.
    """
    if not isinstance(name, str):
        return False
    kind, colon, path = name.partition(":")
    if not colon or f"{kind}:PATH" not in FORMS:
        return False
    if not path.strip() or not is_clean(path):
        raise UsageError(f"Say where the pictures are: {kind}:PATH, as in {kind}:/home/me/photos.")
    return True


def place_of(name: str) -> Path:
    """The folder or file that a name is of."""
    return Path(os.path.abspath(Path(name.partition(":")[2]).expanduser()))


def located(name: str) -> str:
    """The same name with its whole path, so that it holds wherever it is used from."""
    return f"{name.partition(':')[0]}:{place_of(name)}" if is_own(name) else name


def load(name: str, split: str) -> Pictures:
    """The images of one split, "all" being those for training and for validation.

    Raises:
        UsageError: if they are not there, or cannot be used.
    """
    pictures = read(name).pictures
    count = len(pictures.images)
    order = np.random.default_rng(0).permutation(count)
    sixth = count // 6
    part = torch.from_numpy(
        {
            "train": order[: count - 2 * sixth],
            "validation": order[count - 2 * sixth : count - sixth],
            "all": order[: count - sixth],
            "test": order[count - sixth :],
        }[split]
    )
    return Pictures(pictures.images[part], pictures.labels[part])


def read(name: str) -> Gathered:
    """All pictures behind a name. They are kept until a file changes.

    Raises:
        UsageError: if they are not there, or cannot be used.
    """
    kind, path = name.partition(":")[0], place_of(name)
    if kind not in WAYS:
        return _read_file(path, _changed(path))
    return _read_folder(kind, path, _listed(path))


def packed(gathered: Gathered) -> bytes:
    """The content of a file for `file:PATH`: 784 bytes a picture, and plain data."""
    about = {"classes": gathered.classes, "sentence": gathered.sentence}
    return to_bytes(gathered.pictures._asdict(), metadata={KEY: json.dumps(about)})


def _listed(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Every file in a folder, its name in it, its size and when it changed; by name."""
    if not folder.is_dir():
        raise UsageError(
            f"There is no folder at {folder}. Give the path of one with {LEAST} to {MOST:,} "
            "pictures in it."
        )
    found: list[tuple[str, int, int]] = []
    pictures = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for each in names:
            file = Path(place, each)
            try:
                facts = file.stat()
            except OSError:
                continue  # a link to nowhere
            name = file.relative_to(folder).as_posix()
            found.append((name, facts.st_size, facts.st_mtime_ns))
            pictures += is_picture(name)
        if pictures > MOST or len(found) > MOST_FILES:
            raise UsageError(
                f"There are more than {MOST:,} pictures or {MOST_FILES:,} files in {folder}. "
                "Choose a smaller folder."
            )
    return tuple(sorted(found))


@lru_cache(4)
def _read_folder(way: str, folder: Path, listed: tuple[tuple[str, int, int], ...]) -> Gathered:
    names = [name for name, _, _ in listed if not is_hidden(name)]
    files = [
        File(f"{folder.name}/{name}", (folder / name).read_bytes)
        for name in names
        if is_picture(name)
    ]
    try:
        return gather(files, [name for name in names if not is_picture(name)], way)
    except UsageError as error:
        raise UsageError(f"{folder} cannot be trained on. {error}") from error


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise UsageError(
            f"There are no pictures at {path} any more. They may have been removed to make room; "
            "bring them again, or choose another data set."
        ) from None


@lru_cache(8)
def _read_file(path: Path, changed: int) -> Gathered:
    check_fetched(path)
    try:
        return _unpacked(path)
    except Exception as error:  # damaged files fail in a dozen ways
        raise UsageError(
            f"{path.name} is damaged or holds no pictures for training. Make it again from the "
            "pictures themselves."
        ) from error


def _unpacked(path: Path) -> Gathered:
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    with safe_open(path, framework="pt") as file:
        about: dict[str, Any] = json.loads(file.metadata()[KEY])
        # Copies, as in checkpoints.load_checkpoint.
        pictures = Pictures(*(file.get_tensor(name).clone() for name in ("images", "labels")))
    classes, count = [str(name) for name in about["classes"]], len(pictures.labels)
    if pictures.images.dtype != torch.uint8 or pictures.labels.dtype != torch.int64:
        raise ValueError("numbers of another kind")
    if not LEAST <= count <= MOST or pictures.images.shape != (count, 1, SIDE, SIDE):
        raise ValueError("pictures of another shape")
    low, high = int(pictures.labels.min()), int(pictures.labels.max())
    if not 0 <= low <= high < len(classes) <= MOST_CLASSES:
        raise ValueError("classes without a name")
    return Gathered(pictures, classes, str(about["sentence"]))
