"""Data sets by name, as uint8 tensors in memory, with a stated split.

The MNIST family is read by torchvision from `$VAE_DATA_DIR` (default: a cache folder), and
downloaded there once when asked. `digits` needs no network: it comes with scikit-learn. Pictures of
your own are named by where they are: see `folders`.
"""

import os
from collections.abc import Callable
from functools import cache
from hashlib import md5
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from PIL import Image

from ..errors import UsageError, check_name, needs
from ..types import Pictures
from . import folders

VALIDATION = 5_000  # the last training images of the MNIST family, held out for choosing settings
MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
SPLITS = {
    "train": "the training images, less those held out for validation",
    "validation": "training images held out while settings are chosen",
    "all": "train and validation together, for the final weights",
    "test": "never seen in training; for final numbers only",
}


def data_dir() -> Path:
    """The folder of downloaded data sets: `$VAE_DATA_DIR`, else a folder in the user's cache."""
    default = Path.home() / ".cache" / "vae-playground"
    return Path(os.environ.get("VAE_DATA_DIR") or default)


def load(name: str, split: str = "train", download: bool = False) -> Pictures:
    """The images of one split of a data set.

    Raises:
        UsageError: if the data set or split is unknown, is not there, or its files are damaged.

    Example:
        >>> images, labels = load("digits", "test")
        >>> images.shape, images.dtype
        (torch.Size([300, 1, 28, 28]), torch.uint8)
    """
    check_dataset(name)
    check_name("split", split, SPLITS)
    if folders.is_own(name):
        return folders.load(name, split)
    return DATASETS[name](split, download)


def check_dataset(name: object) -> None:
    """Refuses what cannot be the name of a data set; whether it is there, `load` says.

    Raises:
        UsageError: with the nearest name, or what is wrong with the path.
    """
    if not folders.is_own(name):
        check_name("data set", name, [*DATASETS, *folders.FORMS])


def _digits(split: str, download: bool = False) -> Pictures:
    """1,797 real digits of 8x8 pixels, enlarged to 20x20 with a margin of 4, as in MNIST.

    Of a fixed shuffle, 1,200 are for training, 297 for validation and 300 for the test.

    Reference:
        Optical Recognition of Handwritten Digits (Alpaydin & Kaynak, 1998)
        https://archive.ics.uci.edu/dataset/80
    """
    pictures, classes = _enlarged_digits()
    order = np.random.default_rng(0).permutation(len(pictures))
    part = {
        "train": order[:1200],
        "validation": order[1200:1497],
        "all": order[:1497],
        "test": order[1497:],
    }[split]
    return Pictures(torch.from_numpy(pictures[part]), torch.from_numpy(classes[part]))


@cache  # 1.4 MB; reading them takes longer than an epoch
def _enlarged_digits() -> tuple[np.ndarray, np.ndarray]:
    """All of them, [n, 1, 28, 28], and their classes; each split is a copy of some."""
    small, classes = _small_digits()
    pictures = np.zeros((len(small), 1, 28, 28), dtype=np.uint8)
    for picture, pixels in zip(pictures, small.reshape(-1, 8, 8), strict=True):
        grey = Image.fromarray((pixels * (255 / 16)).round().astype(np.uint8))
        picture[0, 4:24, 4:24] = np.asarray(grey.resize((20, 20), Image.Resampling.BICUBIC))
    return pictures, classes


def _small_digits() -> Any:
    """Pixels, [n, 64], and classes. Importing scikit-learn takes 3 s, and reading its file 0.1."""
    package = find_spec("sklearn")
    file = (
        Path(package.origin or "").parent / "datasets" / "data" / "digits.csv.gz"
        if package
        else None
    )
    if file is None or not file.exists():
        from sklearn.datasets import load_digits

        return load_digits(return_X_y=True)
    table = np.loadtxt(file, delimiter=",")
    return table[:, :-1], table[:, -1].astype(np.int64)


def _mnist_family(class_name: str) -> Callable[[str, bool], Pictures]:
    """The loader of one of torchvision's data sets that are laid out as MNIST is."""

    def load_split(split: str, download: bool) -> Pictures:
        # torchvision takes 1.2 s to import, and is needed for these files alone.
        with needs("torchvision", class_name):
            from torchvision import datasets

        reader = getattr(datasets, class_name)
        raw = data_dir() / class_name / "raw"
        wanted = "t10k" if split == "test" else "train"
        files = [
            raw / f"{wanted}-{ending}" for ending in ("images-idx3-ubyte", "labels-idx1-ubyte")
        ]
        if not all(file.exists() for file in files) and not download:
            raise UsageError(
                f"{class_name} is not in {data_dir()}. Fetch it with "
                f"`python -m vae_core data {class_name.lower()}`, or set VAE_DATA_DIR to where it "
                "is. Without a network, use 'digits', which comes with scikit-learn."
            )
        if all(file.exists() for file in files):
            _check_files(files)
        try:
            data = reader(data_dir(), train=split != "test", download=download)
        except Exception as error:  # the network and the disk fail in many ways
            raise UsageError(
                f"{class_name} could not be read or downloaded to {data_dir()}: {error}. Check "
                "the network and the free space and try again, or use 'digits', which needs no "
                "network."
            ) from error
        rows = {"train": slice(None, -VALIDATION), "validation": slice(-VALIDATION, None)}
        chosen = rows.get(split, slice(None))
        return Pictures(data.data[chosen, None], data.targets[chosen])

    return load_split


def _check_files(files: list[Path]) -> None:
    """Names the file that is truncated or altered, and says what to do.

    Raises:
        UsageError: if a file's length is not what its header promises, or its content is not
            what MNIST's checksum, or the archive that it was unpacked from, says it was.
    """
    for file in files:
        content = file.read_bytes()
        count, header = int.from_bytes(content[4:8], "big"), 16 if "images" in file.name else 8
        promised = header + count * (28 * 28 if "images" in file.name else 1)
        if len(content) != promised:
            found = f"it has {len(content):,} bytes where its header promises {promised:,}"
        elif _altered(file, content):
            found = "its contents were altered"
        else:
            continue
        raise UsageError(
            f"{file} is damaged: {found}. Delete it and fetch it again with "
            f"`python -m vae_core data {file.parent.parent.name.lower()}`."
        )


def _altered(file: Path, content: bytes) -> bool:
    if file.parent.parent.name == "MNIST":
        return md5(content).hexdigest() != MNIST_MD5[file.name]
    archive = file.with_name(f"{file.name}.gz")
    if not archive.exists():
        return False
    # A gzip file ends with the CRC-32 of what is in it, and its length.
    return int.from_bytes(archive.read_bytes()[-8:-4], "little") != crc32(content)


def present(name: str) -> bool:
    """True if a data set needs no download; that its files are whole, `load` says."""
    if folders.is_own(name):
        return folders.place_of(name).exists()
    if name not in FAMILY:
        return True
    raw = data_dir() / FAMILY[name] / "raw"
    return all((raw / file).exists() for file in MNIST_MD5)


def count(name: str) -> int:
    """The number of images to train on; a data set that is not one of these here is read to know."""
    if name in FAMILY:
        return 60_000 - VALIDATION
    return 1200 if name == "digits" else len(load(name, "train").images)


FAMILY = {"mnist": "MNIST", "fashionmnist": "FashionMNIST", "kmnist": "KMNIST"}
DATASETS: dict[str, Callable[[str, bool], Pictures]] = {
    "digits": _digits,
    **{name: _mnist_family(class_name) for name, class_name in FAMILY.items()},
}
