"""MNIST and what is laid out as it is: two files for training and two for the test, read by torchvision."""

from collections.abc import Callable
from functools import partial
from hashlib import md5
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from zlib import crc32

from ...errors import UsageError, needs
from ...types import Pictures
from .record import VALIDATION, DataSet, data_dir, missing, rows_of, unreadable

MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
ENDINGS = ("images-idx3-ubyte", "labels-idx1-ubyte")
PARTS = {"train": "train", "test": "t10k"}  # how the files of each part begin
LETTER_PARTS = {"train": "emnist-letters-train", "test": "emnist-letters-test"}
TENS = tuple("0123456789")
CLOTHES = (
    *("T-shirt", "trousers", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "boot"),
)
SYLLABLES = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")


def _family(
    title: str, reader: str, classes: tuple[str, ...], archive: int, images: int = 60_000
) -> DataSet:
    """One whose files are named as MNIST's are."""
    return DataSet(
        title,
        classes,
        images - VALIDATION,
        _loader(reader, PARTS),
        archive=archive,
        folder=f"{reader}/raw",
        is_here=partial(_are_here, reader, PARTS),
    )


def _files(reader: str, begins: str) -> list[Path]:
    """The images and the labels of a part of a data set."""
    return [data_dir() / reader / "raw" / f"{begins}-{ending}" for ending in ENDINGS]


def _are_here(reader: str, parts: dict[str, str]) -> bool:
    return all(file.exists() for begins in parts.values() for file in _files(reader, begins))


def _loader(reader: str, parts: dict[str, str], **options: Any) -> Callable[[str, bool], Pictures]:
    """What reads a split by one of torchvision's classes.

    Arguments:
        parts: how its files for training and for the test begin.
        options: what the class is told beside.
    """

    def read(split: str, download: bool) -> Pictures:
        # torchvision takes 1.2 s to import, and is needed for these files alone.
        with needs("torchvision", reader):
            from torchvision import datasets

        part = "test" if split == "test" else "train"
        files = _files(reader, parts[part])
        here = all(file.exists() for file in files)
        if not here and not download:
            raise UsageError(missing(reader, NAMES[reader]))
        if here:
            _check_files(files)
        try:
            data = getattr(datasets, reader)(
                data_dir(), train=part == "train", download=download, **options
            )
        except Exception as error:  # the network and the disk fail in many ways
            raise UsageError(unreadable(reader, error)) from error
        rows = rows_of(split)
        return Pictures(data.data[rows, None], data.targets[rows])

    return read


def _letters(split: str, download: bool) -> Pictures:
    """26 letters, large and small ones alike.

    Reference:
        EMNIST: an extension of MNIST to handwritten letters (Cohen et al., 2017)
        https://arxiv.org/abs/1702.05373
    """
    images, labels = _EMNIST(split, download)
    # They lie on their side in the files, and are counted from 1.
    return Pictures(images.mT.contiguous(), labels - 1)


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
            f"`python -m vae_core data {NAMES[file.parent.parent.name]}`."
        )


def _altered(file: Path, content: bytes) -> bool:
    if file.parent.parent.name == "EMNIST":
        return False  # one archive holds many sets
    if file.parent.parent.name == "MNIST":
        return md5(content).hexdigest() != MNIST_MD5[file.name]
    archive = file.with_name(f"{file.name}.gz")
    if not archive.exists():
        return False
    # A gzip file ends with the CRC-32 of what is in it, and its length.
    return int.from_bytes(archive.read_bytes()[-8:-4], "little") != crc32(content)


_EMNIST = _loader(
    "EMNIST",
    LETTER_PARTS,
    split="letters",
)
NAMES = {"MNIST": "mnist", "FashionMNIST": "fashionmnist", "KMNIST": "kmnist", "EMNIST": "letters"}
MNIST = _family("MNIST, handwritten digits", "MNIST", TENS, 11_594_722)
FASHION = _family("Fashion-MNIST, clothes", "FashionMNIST", CLOTHES, 30_878_645)
KMNIST = _family("Kuzushiji-MNIST, Japanese characters", "KMNIST", SYLLABLES, 21_240_888)
LETTERS = DataSet(
    "EMNIST, handwritten letters",
    tuple(ascii_uppercase),
    124_800 - VALIDATION,
    _letters,
    archive=561_753_746,
    folder="EMNIST/raw",
    is_here=partial(_are_here, "EMNIST", LETTER_PARTS),
)
