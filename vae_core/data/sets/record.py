"""What there is to know of a data set, and where those that are downloaded lie."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...types import ImageShape, Pictures

VALIDATION = 5_000  # the last training images of a downloaded set, held out for choosing settings
GREY = (1, 28, 28)


def _always() -> bool:
    return True


@dataclass(frozen=True)
class DataSet:
    """A data set: what it is called and what is in it.

    Attributes:
        title: what it is, in a few words.
        classes: what they are called, in the order of their labels.
        count: images to train on, without those that are held out.
        read: split and whether to download what is missing -> the pictures.
        shape: (channels, height, width) of its images.
        archive: bytes that a download fetches; 0 if there is none.
        folder: in which a download lies, in that of all data sets.
        is_here: whether nothing needs to be downloaded.
    """

    title: str
    classes: tuple[str, ...]
    count: int
    read: Callable[[str, bool], Pictures]
    shape: ImageShape = GREY
    archive: int = 0
    folder: str = ""
    is_here: Callable[[], bool] = _always


def data_dir() -> Path:
    """The folder of downloaded data sets: `$VAE_DATA_DIR`, else a folder in the user's cache."""
    default = Path.home() / ".cache" / "vae-playground"
    return Path(os.environ.get("VAE_DATA_DIR") or default)


def rows_of(split: str) -> slice:
    """Which images of a file of training or of test images are of this split."""
    parts = {"train": slice(None, -VALIDATION), "validation": slice(-VALIDATION, None)}
    return parts.get(split, slice(None))


def missing(title: str, name: str) -> str:
    """What to say of a data set that was not downloaded."""
    return (
        f"{title} is not in {data_dir()}. Fetch it with `python -m vae_core data {name}`, or set "
        "VAE_DATA_DIR to where it is. Without a network, use 'digits', which comes with scikit-learn."
    )


def unreadable(title: str, error: Exception) -> str:
    """What to say of a data set that torchvision could not read or fetch."""
    return (
        f"{title} could not be read or downloaded to {data_dir()}: {error}. Check the network and "
        "the free space and try again, or use 'digits', which needs no network."
    )
