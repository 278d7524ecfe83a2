"""CIFAR-10: small photographs in colour, read by torchvision."""

import numpy as np
import torch

from ...errors import UsageError, needs
from ...types import Pictures
from .record import VALIDATION, DataSet, data_dir, missing, rows_of, unreadable

FOLDER = "cifar-10-batches-py"
CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
FILES = ("test_batch", "batches.meta", *(f"data_batch_{i}" for i in range(1, 6)))


def _is_here() -> bool:
    return all((data_dir() / FOLDER / file).exists() for file in FILES)


def _read(split: str, download: bool) -> Pictures:
    """Photographs of ten kinds of things.

    Reference:
        Learning Multiple Layers of Features from Tiny Images (Krizhevsky, 2009)
        https://www.cs.toronto.edu/~kriz/cifar.html
    """
    with needs("torchvision", "CIFAR-10"):
        from torchvision.datasets import CIFAR10

    if not _is_here() and not download:
        raise UsageError(missing("CIFAR-10", "cifar10"))
    try:
        data = CIFAR10(data_dir(), train=split != "test", download=download)
    except Exception as error:  # the network and the disk fail in many ways
        raise UsageError(unreadable("CIFAR-10", error)) from error
    rows = rows_of(split)
    images = torch.from_numpy(np.ascontiguousarray(data.data[rows].transpose(0, 3, 1, 2)))
    return Pictures(images, torch.tensor(data.targets)[rows])


CIFAR10 = DataSet(
    "CIFAR-10, small photographs in colour",
    CLASSES,
    50_000 - VALIDATION,
    _read,
    shape=(3, 32, 32),
    archive=170_498_071,
    folder=FOLDER,
    is_here=_is_here,
)
