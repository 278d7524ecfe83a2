"""What is a digit and what is none: distances from held-out digits, by another road."""

from pathlib import Path

import numpy as np
import pytest
import torch

from vae_core.data import datasets
from vae_core.data.drawings.digit import to_digit
from vae_core.data.strokes import draw, example_digits
from vae_core.errors import UsageError
from vae_core.evaluation import likeness
from vae_core.evaluation.classifier import class_probabilities, load_classifier, network
from vae_core.types import to_floats

SHIPPED = Path(__file__).parents[2] / "checkpoints" / "classifier"


@pytest.fixture(scope="module")
def classifier() -> torch.nn.Sequential:
    return load_classifier(SHIPPED / "classifier.safetensors")


@pytest.fixture(scope="module")
def shipped() -> likeness.Likeness:
    return likeness.load_likeness(SHIPPED / "digits.npz")


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def test_a_distance_is_the_mean_of_the_five_nearest(shipped: likeness.Likeness) -> None:
    judge = network()
    images = noise(7, 1, 28, 28)
    with torch.inference_mode():
        seen = judge[:-1](images).double().numpy()
    seen /= np.sqrt((seen**2).sum(axis=1, keepdims=True))
    known = shipped.features.numpy().astype(np.float64) * shipped.scale
    expected = [
        np.mean(sorted(np.sqrt(((known - one) ** 2).sum(axis=1)))[:5]) for one in seen
    ]  # every distance, and the sort
    found = likeness.distances(judge, images, shipped)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5)


def test_the_limit_is_what_nine_of_ten_others_keep_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "KNOWN", 100)
    test = datasets.load("digits", "test").images
    judge = network()
    found = likeness.measured(judge, test)
    others = likeness.distances(judge, to_floats(test[100:]), found)
    assert (others <= found.limit).float().mean().item() == pytest.approx(0.9, abs=0.01)
    kept = likeness.distances(judge, to_floats(test[:100]), found)
    assert kept.mean() < others.mean()  # each of them is its own nearest
    with pytest.raises(UsageError, match="more than 100 digits; got 100"):
        likeness.measured(judge, test[:100])


def test_double_exposures_are_none_and_the_classifier_is_sure_of_many(
    classifier: torch.nn.Sequential, shipped: likeness.Likeness
) -> None:
    """By digits that nobody of MNIST wrote."""
    examples = example_digits()
    drawn = [torch.from_numpy(to_digit(draw(each.strokes, size=280))) for each in examples]
    images = to_floats(torch.stack(drawn)[:, None])
    labels = torch.tensor([each.label for each in examples])
    pairs = torch.combinations(torch.arange(len(images)))
    pairs = pairs[labels[pairs[:, 0]] != labels[pairs[:, 1]]]
    double = images[pairs].mean(dim=1)
    real, faded = (likeness.distances(classifier, each, shipped) for each in (images, double))
    assert (real <= shipped.limit).float().mean() >= 0.9
    assert (faded <= shipped.limit).float().mean() <= 0.5
    sure = class_probabilities(classifier, double).amax(dim=1) >= 0.9
    assert (sure & (faded > shipped.limit)).float().mean() > 0.1
    blank = likeness.distances(classifier, torch.zeros(1, 1, 28, 28), shipped)
    assert blank > shipped.limit


def test_a_file_brings_it_back(tmp_path: Path, shipped: likeness.Likeness) -> None:
    path = tmp_path / "digits.npz"
    likeness.save_likeness(path, shipped)
    again = likeness.load_likeness(path)
    assert torch.equal(again.features, shipped.features) and again[1:] == shipped[1:]
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(UsageError, match="missing or damaged"):
        likeness.load_likeness(path)
    with pytest.raises(UsageError, match="missing or damaged"):
        likeness.load_likeness(tmp_path / "gone.npz")
