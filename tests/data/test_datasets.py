"""Data sets: splits that do not overlap, and files that are checked."""

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.support.few import write_cifar, write_idx, write_letters
from vae_core.data import datasets
from vae_core.data.sets import digits
from vae_core.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an MNIST-like set of random images in it, called FashionMNIST."""
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    random = np.random.default_rng(0)
    for wanted, count in (("train", 5100), ("t10k", 50)):
        images = random.integers(256, size=(count, 28, 28), dtype=np.uint8)
        labels = random.integers(10, size=count, dtype=np.uint8)
        write_idx(raw / f"{wanted}-images-idx3-ubyte", images)
        write_idx(raw / f"{wanted}-labels-idx1-ubyte", labels)
    return raw


def test_digits_are_always_there_and_their_splits_do_not_overlap() -> None:
    parts = {split: datasets.load("digits", split).images for split in datasets.SPLITS}
    counts = {split: len(images) for split, images in parts.items()}
    assert counts == {"train": 1200, "validation": 297, "all": 1497, "test": 300}
    assert torch.equal(parts["all"], torch.cat([parts["train"], parts["validation"]]))
    training = {image.numpy().tobytes() for image in parts["all"]}
    shared = sum(image.numpy().tobytes() in training for image in parts["test"])
    assert shared == 0


def test_digits_are_white_on_black_with_a_margin() -> None:
    pictures = datasets.load("digits", "test")
    assert pictures.images.shape == (300, 1, 28, 28)
    assert pictures.images.dtype == torch.uint8
    assert pictures.images[:, :, :4].max() == 0
    assert pictures.images.max() > 250
    assert set(pictures.labels.tolist()) == set(range(10))


def test_the_last_training_images_are_for_validation(folder: Path) -> None:
    train, validation, whole, test = (
        datasets.load("fashionmnist", split) for split in ("train", "validation", "all", "test")
    )
    assert [len(part.images) for part in (train, validation, whole, test)] == [100, 5000, 5100, 50]
    assert torch.equal(whole.images, torch.cat([train.images, validation.images]))
    assert torch.equal(whole.labels, torch.cat([train.labels, validation.labels]))
    assert train.images.shape == (100, 1, 28, 28)


def test_a_truncated_file_is_named(folder: Path) -> None:
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(UsageError, match=r"train-images-idx3-ubyte is damaged: it has .* bytes"):
        datasets.load("fashionmnist")


def test_an_empty_file_is_named(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte").write_bytes(b"")
    with pytest.raises(UsageError, match=r"t10k-labels-idx1-ubyte is damaged.*Delete it"):
        datasets.load("fashionmnist", "test")


def test_an_altered_file_is_named_when_its_archive_is_beside_it(folder: Path) -> None:
    path = folder / "train-images-idx3-ubyte"
    Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes()))
    datasets.load("fashionmnist")
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    with pytest.raises(UsageError, match="its contents were altered"):
        datasets.load("fashionmnist")


def test_an_altered_mnist_is_named(folder: Path) -> None:
    folder.parent.rename(folder.parent.parent / "MNIST")
    with pytest.raises(UsageError, match=r"MNIST.*its contents were altered.*data mnist"):
        datasets.load("mnist")


def test_a_missing_data_set_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    with pytest.raises(UsageError, match=r"python -m vae_core data kmnist.*use 'digits'"):
        datasets.load("kmnist")


def test_unknown_names_are_explained() -> None:
    with pytest.raises(UsageError, match="Did you mean 'mnist'"):
        datasets.load("mnits")
    with pytest.raises(UsageError, match="Did you mean 'train'"):
        datasets.load("digits", "trian")


def test_the_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    for mine, theirs in zip(digits._small_digits(), load_digits(return_X_y=True), strict=True):
        assert np.array_equal(mine, theirs)


def test_without_torchvision_the_refusal_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(UsageError, match=r"MNIST needs torchvision.*`pip install torchvision`"):
        datasets.load("mnist")


def test_letters_stand_upright_and_are_counted_from_nought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    assert not datasets.present("letters")
    upright = write_letters(tmp_path)
    assert datasets.present("letters")
    images, labels = datasets.load("letters", "all")
    assert np.array_equal(images[:, 0], upright)
    classes = datasets.DATASETS["letters"].classes
    assert [classes[label] for label in labels[:28]] == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A", "B"]
    assert len(datasets.load("letters", "test").images) == 50


def test_photographs_in_colour_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    with pytest.raises(UsageError, match=r"CIFAR-10 is not in .* vae_core data cifar10"):
        datasets.load("cifar10")
    wanted = write_cifar(tmp_path, monkeypatch)
    train, validation = datasets.load("cifar10"), datasets.load("cifar10", "validation")
    assert np.array_equal(torch.cat([train.images, validation.images]), wanted)
    assert train.images.shape == (250, 3, 32, 32) and train.labels[:11].tolist() == [*range(10), 0]
    (tmp_path / "cifar-10-batches-py" / "data_batch_2").write_bytes(b"torn")
    with pytest.raises(UsageError, match="CIFAR-10 could not be read"):
        datasets.load("cifar10")


@pytest.mark.parametrize("name", datasets.DATASETS)
def test_a_record_says_what_is_in_its_data_set(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = datasets.DATASETS[name]
    assert known.title and known.count == datasets.count(name) and len(set(known.classes)) > 1
    assert (known.archive > 0) == bool(known.folder) == (name != "digits")
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    assert datasets.present(name) == (name == "digits")
