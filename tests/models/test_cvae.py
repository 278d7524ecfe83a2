"""A model that is told classes: what that changes, what it does not, and how it trains."""

import pytest
import torch
from torch import Generator

from tests.conftest import small
from vae_core.data.datasets import load
from vae_core.errors import UsageError
from vae_core.models import Autoencoder, build, specify
from vae_core.models.inference import distortion_and_rate
from vae_core.training.config import TrainConfig
from vae_core.training.objective import partly
from vae_core.training.preview import preview
from vae_core.training.trainer import Trainer, train

LABELS = torch.tensor([3, 1, 4, 1, 5])


def test_a_model_that_cannot_be_told_stays_as_it_is(any_model: Autoencoder) -> None:
    assert (any_model.told(LABELS) is any_model) == (any_model.classes == 0)


def test_telling_nothing_changes_nothing(any_model: Autoencoder, images: torch.Tensor) -> None:
    plain = any_model.reconstruct(images)
    assert torch.equal(any_model.told(None).reconstruct(images), plain)
    unknown = any_model.told(torch.full((5,), -1)).reconstruct(images)
    torch.testing.assert_close(unknown, plain)


def test_a_class_that_is_told_weighs_in_on_both_ways(images: torch.Tensor) -> None:
    model = small("cvae")
    told, latents = model.told(LABELS), torch.rand(5, 3)
    assert not torch.equal(told.encode(images), model.encode(images))
    assert not torch.equal(told.decode(latents), model.decode(latents))


def test_each_image_is_told_its_own_class(images: torch.Tensor) -> None:
    model = small("cvae")
    together = model.told(LABELS).reconstruct(images)
    for row, label in enumerate(LABELS):
        alone = model.told(label[None]).reconstruct(images[row : row + 1])
        torch.testing.assert_close(together[row : row + 1], alone)


def test_one_class_may_be_told_of_all(images: torch.Tensor) -> None:
    model = small("cvae")
    for_all = model.told(torch.tensor([4])).reconstruct(images)
    torch.testing.assert_close(for_all, model.told(torch.full((5,), 4)).reconstruct(images))


def test_a_class_may_be_told_as_a_one(images: torch.Tensor) -> None:
    model = small("cvae")
    one_hot = torch.nn.functional.one_hot(LABELS, 10).float()
    assert torch.equal(
        model.told(one_hot).reconstruct(images), model.told(LABELS).reconstruct(images)
    )


def test_who_is_told_shares_its_weights_and_nothing_else(images: torch.Tensor) -> None:
    """Many requests share one model: what one tells it, another must not see."""
    model = small("cvae")
    before = model.reconstruct(images)
    told = model.told(LABELS)
    assert torch.equal(model.reconstruct(images), before)
    assert all(one is two for one, two in zip(model.parameters(), told.parameters(), strict=True))


def test_labels_that_cannot_be_told_are_refused() -> None:
    model = small("cvae", classes=5)
    model.check_labels(torch.tensor([0, 4]))
    small("vae").check_labels(None)
    with pytest.raises(UsageError, match="Hand the labels over"):
        model.check_labels(None)
    with pytest.raises(
        UsageError, match=r"classes 0 to 4; these images are of 0 to 5.*classes = 6"
    ):
        model.check_labels(torch.tensor([0, 5]))
    with pytest.raises(UsageError, match="classes must be a whole number from 1"):
        specify("cvae", classes=0)


def test_a_share_of_the_classes_is_kept_back() -> None:
    labels = torch.arange(10_000) % 10
    hidden = partly(labels, 0.3, Generator().manual_seed(1))
    assert hidden is not None
    kept_back = hidden == -1
    assert torch.equal(hidden[~kept_back], labels[~kept_back])
    assert 0.27 < kept_back.float().mean() < 0.33


def test_models_that_are_told_nothing_draw_no_numbers_for_it() -> None:
    """Or every run of another model would come out differently than before."""
    generator = Generator().manual_seed(1)
    before = generator.get_state()
    assert partly(LABELS, small("vae").untold, generator) is LABELS
    assert torch.equal(generator.get_state(), before)


def trained(**options: float) -> tuple[Autoencoder, float, float]:
    """A small model after some epochs of digits, and what held-out ones cost it untold and told."""
    images, labels = load("digits")
    held_out, held_out_labels = load("digits", "validation")
    model = build(specify("cvae", latent_dim=4, width=4, **options))
    config = TrainConfig(epochs=12, batch_size=48, learning_rate=0.01)
    for _ in train(model, images, config, held_out, torch.device("cpu"), labels, held_out_labels):
        pass
    plain, told = (
        sum(distortion_and_rate(model, held_out / 255, labels=each))
        for each in (None, held_out_labels)
    )
    return model, plain, told


def test_to_be_told_the_class_is_worth_nats() -> None:
    model, plain, told = trained()
    assert told < plain - 1
    held_out, labels = load("digits", "validation")
    wrong = sum(distortion_and_rate(model, held_out / 255, labels=(labels + 5) % 10))
    assert wrong > plain


def test_training_needs_the_classes_and_asks_for_them() -> None:
    images, labels = load("digits", "test")
    config = TrainConfig(epochs=1)
    model = build(specify("cvae", latent_dim=3, width=4))
    with pytest.raises(UsageError, match="told the class of each image"):
        Trainer(model, images, config, images)
    with pytest.raises(UsageError, match="told the class of each image"):
        Trainer(model, images, config, images, labels=labels)


def test_what_is_held_out_is_told_too() -> None:
    images, labels = load("digits", "test")
    model = build(specify("cvae", latent_dim=3, width=4))
    trainer = Trainer(
        model, images, TrainConfig(epochs=1), images, torch.device("cpu"), labels, labels
    )
    told = distortion_and_rate(model.eval(), images / 255, labels=labels)
    assert trainer.evaluate_held_out() == told
    assert told != distortion_and_rate(model, images / 255)


def test_a_preview_has_a_sample_of_each_class() -> None:
    images = load("digits", "test").images
    model = build(specify("cvae", latent_dim=3, width=4))
    samples = preview(model, images, TrainConfig()).tensors["samples"].float() / 255
    latents = model.sample_prior(10, Generator().manual_seed(0))
    with torch.no_grad():
        told = model.told(torch.arange(10)).decode(latents)
    torch.testing.assert_close(samples, told, atol=0.6 / 255, rtol=0)
