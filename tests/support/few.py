"""Data sets for what is trained and measured as a whole: few images, of the form of the real ones."""

import hashlib
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vae_core.data import datasets
from vae_core.types import Pictures

MOST = {"test": 100, "validation": 50}  # and 500 to train on


def _read(split: str, download: bool) -> Pictures:
    found, count = datasets.load("digits", split), MOST.get(split, 500)
    return Pictures(found.images[:count], found.labels[:count])


FEW = replace(datasets.DATASETS["mnist"], read=_read, is_here=lambda: True)


def write_idx(path: Path, values: np.ndarray) -> None:
    """A file of MNIST's form."""
    header = bytes([0, 0, 8, values.ndim]) + b"".join(n.to_bytes(4, "big") for n in values.shape)
    path.write_bytes(header + values.tobytes())


def write_letters(folder: Path) -> np.ndarray:
    """A stand-in of EMNIST's letters in a folder of data; its training images as they should be seen."""
    raw, random = folder / "EMNIST" / "raw", np.random.default_rng(0)
    raw.mkdir(parents=True)
    upright = random.integers(256, size=(5100, 28, 28), dtype=np.uint8)
    for part, images in (("train", upright), ("test", upright[:50])):
        labels = (np.arange(len(images)) % 26 + 1).astype(np.uint8)
        write_idx(raw / f"emnist-letters-{part}-images-idx3-ubyte", images.transpose(0, 2, 1))
        write_idx(raw / f"emnist-letters-{part}-labels-idx1-ubyte", labels)
    return upright


def write_cifar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """A stand-in of CIFAR-10, which torchvision takes for the real one; its training images."""
    from torchvision.datasets import CIFAR10

    place, random = folder / CIFAR10.base_folder, np.random.default_rng(0)
    place.mkdir(parents=True)
    images = random.integers(256, size=(5, 1050, 3, 32, 32), dtype=np.uint8)
    parts = {f"data_batch_{i + 1}": part for i, part in enumerate(images)}

    def write(name: str, content: dict[str, object]) -> list[str]:
        (place / name).write_bytes(pickle.dumps(content))
        return [name, hashlib.md5((place / name).read_bytes()).hexdigest()]

    def listed(name: str, part: np.ndarray) -> list[str]:
        labels = [i % 10 for i in range(len(part))]
        return write(name, {"data": part.reshape(len(part), -1), "labels": labels})

    monkeypatch.setattr(CIFAR10, "train_list", [listed(*each) for each in parts.items()])
    monkeypatch.setattr(CIFAR10, "test_list", [listed("test_batch", images[0, :50])])
    name, md5 = write("batches.meta", {"label_names": [str(i) for i in range(10)]})
    meta = {"filename": name, "key": "label_names", "md5": md5}
    monkeypatch.setattr(CIFAR10, "meta", meta)
    return images.reshape(-1, 3, 32, 32)
