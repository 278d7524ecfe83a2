"""The digits that come with scikit-learn, as large as MNIST's."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from ...types import Pictures
from .record import DataSet


def _read(split: str, download: bool = False) -> Pictures:
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


DIGITS = DataSet("Digits, 8x8 enlarged (always here)", tuple("0123456789"), 1200, _read)
