"""The endpoints behind the figures of the Learn tab say what the library says of the same digit."""

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from playground.api import explain, tasks
from playground.api.files import as_text
from playground.inference.costs import LATENT_NUMBERS
from playground.inference.images import as_images
from playground.store.models import Store
from tests.support.samples import INK
from vae_core.data.clutter import clutter
from vae_core.data.drawings.digit import to_digit
from vae_core.errors import UsageError
from vae_core.evaluation.anomaly import scores
from vae_core.interpret.activations import stage_outputs
from vae_core.interpret.gradients import trace
from vae_core.models.inference import distortion_and_rate

NOISE = np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8)  # it would not be cut out
DIGIT = to_digit(INK)


def image(picture: Any = NOISE) -> Any:
    return as_images(picture[None])


def pixels(file: Any) -> Any:
    return np.asarray(Image.open(file.path))


def test_costs_are_of_the_picture_as_it_is(store: Store) -> None:
    about, file = explain.costs(store, as_text(NOISE), ["vae-2", "beta-4", "vae-20"], scale=1)
    strip = pixels(file)
    assert strip.shape == (28, 4 * 28) and np.array_equal(strip[:, :28], NOISE)
    for row, load in zip(about["models"], (store.get, store.experiment, store.get), strict=True):
        model: Any = load(row["name"]).model
        posterior = model.posterior(image())
        np.testing.assert_allclose(row["mean"], posterior.mean[0], rtol=1e-4)
        np.testing.assert_allclose(
            row["standard_deviation"], torch.exp(0.5 * posterior.log_var[0]), rtol=1e-4
        )
        assert row["per_pixel"]["distortion"] == row["distortion"] / 784
        assert row["per_pixel"]["rate"] == row["rate"] / 784
        assert sum(row["rates"]) == pytest.approx(row["rate"], rel=1e-4)
        assert row["rate"] == pytest.approx(distortion_and_rate(model, image())[1], rel=1e-4)


@pytest.mark.parametrize("epsilon", [None, [0.5, -1.0]])
def test_gradients_are_those_of_the_library(store: Store, epsilon: list[float] | None) -> None:
    about, file = explain.gradients(store, as_text(NOISE), "vae-2", epsilon, scale=1)
    checkpoint: Any = store.get("vae-2")
    beta = checkpoint.recipe.config.beta
    found = trace(checkpoint.model, image(), torch.tensor([epsilon or [0.0, 0.0]]), beta)
    assert about["loss"] == pytest.approx(found.loss, rel=1e-4)
    for name in ("mean", "code", "by_code", "rate_by_log_var", "drawn_by_mean"):
        number = getattr(found, LATENT_NUMBERS[name])
        np.testing.assert_allclose(about[name], number, rtol=1e-3, atol=1e-4)
    assert np.abs(pixels(file)[:, 28:] / 255 - found.picture[0].numpy()).max() < 0.01


@pytest.mark.parametrize("name", ["conv-32", "vae-20"])
def test_activations_are_those_of_every_layer(store: Store, name: str) -> None:
    stages = stage_outputs(store.get(name).model, image())
    for number, stage in enumerate(stages):
        about, file = explain.activations(store, as_text(NOISE), name, number, scale=1)
        values = stage.values.flatten().numpy()
        coarse = np.abs(values).max() / 254 if stage.part != "code" else 0
        assert np.abs(np.array(about["values"]) - values).max() <= coarse * 1.01 + 1e-4
        assert about["stages"][number]["shape"] == list(stage.values.shape[1:])
    drawn = stages[-1].values[0, 0].numpy()
    assert np.abs(pixels(file)[:, 28:] / 255 - drawn).max() < 0.01
    assert explain.activations(store, as_text(NOISE), name)[0]["values"] is None


def test_a_painted_digit_is_coloured_and_a_digit_is_found_in_clutter(store: Store) -> None:
    about, file = tasks.colour(store, as_text(DIGIT), scale=1)
    painted = (
        store.experiment("colour").model.reconstruct(image(DIGIT))[0].permute(1, 2, 0).detach()
    )
    assert pixels(file).shape == (28, 28, 3)
    assert np.abs(pixels(file) / 255 - painted.numpy()).max() < 0.01
    assert len(about["classes"]) == 10 and about["nearest"] in range(10)
    about, file = tasks.segment(store, as_text(DIGIT), 0.7, 3, scale=1)
    seen, _, truth, mask, _ = np.hsplit(pixels(file), 5)
    spoilt = clutter(image(DIGIT), 0.7, torch.Generator().manual_seed(3))[0, 0].numpy()
    assert np.abs(seen / 255 - spoilt).max() < 0.01
    both, either = ((truth > 0) & (mask > 0)).sum(), ((truth > 0) | (mask > 0)).sum()
    assert about["iou"] == pytest.approx(both / either)


def test_noise_is_stranger_than_a_digit(store: Store) -> None:
    about, file = explain.anomaly(store, [as_text(DIGIT), as_text(NOISE)], "vae-20", scale=1)
    found: Any = scores(store.get("vae-20").model, as_images(np.stack([DIGIT, NOISE])))
    np.testing.assert_allclose(about["error"], found.error, rtol=1e-4)
    np.testing.assert_allclose(about["nats"], found.nats, rtol=1e-4)
    assert about["error"][0] < about["error"][1] and about["nats"][0] < about["nats"][1]
    assert np.array_equal(pixels(file)[:28], np.hstack([DIGIT, NOISE]))


@pytest.mark.parametrize(
    ("work", "arguments", "words"),
    [
        (explain.costs, ("3 round", ["vae20"]), "No model is called"),
        (explain.costs, ("3 round", ["conv-32"]), "is a point"),
        (explain.costs, ("3 round", ["vae-2"] * 9), "up to 8 names"),
        (explain.gradients, ("3 round", ["vae-2"]), "No model is called"),
        (explain.gradients, ("3 round", "vae-2", [1.0]), "a list of 2 numbers"),
        (explain.activations, ("3 round", "vae-2", 99), "stage must be a whole number"),
        (tasks.segment, ("3 round", 2.0), "strength must be"),
        (explain.anomaly, ([], "vae-2"), "1 to 16"),
        (explain.holes, ("vae-20",), "two numbers"),
    ],
)
def test_hostile_arguments_are_refused_in_words(
    work: Any, arguments: tuple[Any, ...], words: str, store: Store
) -> None:
    with pytest.raises(UsageError, match=words):
        work(store, *arguments)
