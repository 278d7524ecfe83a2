"""Pictures of a visitor's own, as a data set: each made grey and 28x28, in one of two stated ways.

A picture's class is the name of the folder that it lies in, as `classes` tells. A few files that
cannot be read are left out and counted; too few that can, too many, or mostly damaged ones are
refused.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import inf
from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ..errors import UsageError, check_name
from ..types import Pictures
from .classes import class_folders, composed, counted, numbered, plain
from .drawings.digit import to_digit
from .formats import FORMATS
from .images import COARSE, open_picture, pixels_in, to_grey

SIDE = 28  # pixels
LEAST, MOST = 12, 20_000  # pictures; two of 12 are held out, and two are the test
NAMED = 3  # unreadable files that a sentence names
ENDINGS = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".bmp")


class File(NamedTuple):
    """A file that should be a picture; its content is read when it is needed."""

    name: str  # with the folders that it lies in, parted by slashes
    read: Callable[[], bytes]


class Gathered(NamedTuple):
    """The pictures in some files, and what was left out.

    Attributes:
        pictures: in the order of the files' names.
        classes: their names; one of them if there are no sub-folders, or too many.
        sentence: how many there are, and what was left out.
    """

    pictures: Pictures
    classes: list[str]
    sentence: str


def as_photograph(data: bytes) -> NDArray[np.uint8]:
    """The middle square of a picture in grey, [28, 28], each pixel the mean of what it covers.

    Light stays light and dark stays dark: nothing is inverted, stretched or centred. Pictures
    that are smaller than 28x28 are enlarged smoothly. Transparent parts are white.
    """
    grey = to_grey(open_picture(data, 4 * SIDE))
    width, height = grey.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    how = Image.Resampling.BOX if side >= SIDE else Image.Resampling.BILINEAR
    square = (left, top, left + side, top + side)
    return np.asarray(grey.resize((SIDE, SIDE), how, box=square))


def as_drawing(data: bytes) -> NDArray[np.uint8]:
    """The ink of a picture as MNIST would have it, [28, 28]: white on black, cropped and centred.

    `drawing.to_digit` makes it, as it does of what is drawn on the page, so dark ink on light paper
    and light ink on dark come out the same.
    """
    digit = to_digit(open_picture(data, 2 * COARSE))
    if not digit.any():
        raise UsageError("Nothing in it stands out from the background.")
    return digit


WAYS = {"folder": as_photograph, "drawings": as_drawing}


def is_picture(name: str) -> bool:
    """True if a file is to be read as a picture: by its ending, and hidden ones are not."""
    return name.lower().endswith(ENDINGS) and not is_hidden(name)


def is_hidden(name: str) -> bool:
    """True if a file, or a folder that it lies in, is one that systems keep for themselves."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def gather(
    files: Sequence[File], others: Sequence[str], way: str, most_pixels: float = inf
) -> Gathered:
    """The pictures in these files, by name, with what became of them.

    Arguments:
        others: the names of files that are not pictures.
        way: one of WAYS.
        most_pixels: that all files together may have.

    Raises:
        UsageError: if there are too few pictures or too many, or most of them are damaged.
    """
    check_name("way to read pictures", way, WAYS)
    _check_some(files, others)
    images, folders, unread, pixels = [], [], [], 0
    for file in sorted(files, key=lambda file: composed(file.name)):
        try:
            data = file.read()
            pixels += pixels_in(data)
            image = WAYS[way](data) if pixels <= most_pixels else None
        except (UsageError, OSError) as error:
            why = error if isinstance(error, UsageError) else f"{error.strerror}."
            unread.append(f"{plain(file.name)}: {why}")
            continue
        if image is None:
            raise UsageError(
                f"These pictures have more than {most_pixels / 1e6:,.0f} million pixels together. "
                "Make them smaller first; 28x28 pixels of each are used."
            )
        images.append(image)
        folders.append(composed(file.name).split("/")[:-1])
    if len(images) < LEAST or len(unread) > len(images):
        raise UsageError(
            f"{len(unread):,} of {len(files):,} pictures cannot be read. It takes at least {LEAST} "
            f"that can, and more of them than of the others. {_named(unread)}"
        )
    labels, classes, remark = numbered(class_folders(folders))
    pictures = Pictures(torch.from_numpy(np.stack(images)[:, None]), torch.tensor(labels))
    words = [f"{len(images):,} pictures in {counted(classes)}.", remark]
    if all(np.array_equal(image, images[0]) for image in images):
        words.append("They are all the same picture: a model has nothing to tell apart in them.")
    if unread:
        words.append(f"{len(unread):,} could not be read: {_named(unread)}")
    if others:
        words.append(f"Other files left out: {len(others):,}.")
    return Gathered(pictures, classes, " ".join(filter(None, words)))


def _check_some(files: Sequence[File], others: Sequence[str]) -> None:
    works = f"{', '.join(FORMATS[:-1])} and {FORMATS[-1]} files work"
    if not files:
        endings = Counter(PurePath(name).suffix.lower() or "no ending" for name in others)
        found = ", ".join(f"{count:,} with {ending}" for ending, count in endings.most_common(3))
        raise UsageError(f"There are no pictures in it; found {found or 'no files'}. {works}.")
    if not LEAST <= len(files) <= MOST:
        number = f"more than {MOST:,}" if len(files) > MOST else f"{len(files):,}"
        raise UsageError(
            f"There are {number} pictures in it. {LEAST} to {MOST:,} of them can be trained on."
        )


def _named(unread: list[str]) -> str:
    return " ".join(unread[:NAMED]) + (" And so on." if len(unread) > NAMED else "")
