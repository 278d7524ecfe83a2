"""The contract, for every registered model."""

import argparse
import inspect
import json
import math
from dataclasses import fields

import pytest
import torch
from torch import nn

from tests.conftest import SHAPE, small
from vae_core.cli.train import add_train
from vae_core.errors import UsageError
from vae_core.models import DECIDED, MODELS, Autoencoder, ModelSpec, build, specify
from vae_core.training.config import TrainConfig


def test_shapes(any_model: Autoencoder, images: torch.Tensor) -> None:
    latents = any_model.encode(images)
    assert latents.shape == (5, any_model.latent_dim)
    assert any_model.decode(latents).shape == images.shape
    assert any_model.image_shape == SHAPE


def test_reconstructions_are_between_black_and_white(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    pixels = any_model.reconstruct(images)
    assert pixels.min() >= 0 and pixels.max() <= 1


def test_every_weight_learns(any_model: Autoencoder, images: torch.Tensor) -> None:
    any_model.told(torch.arange(5)).cost(images).loss().backward()
    for name, weight in any_model.named_parameters():
        assert weight.grad is not None and weight.grad.any(), name


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_a_cost_has_one_number_per_image(
    any_model: Autoencoder, images: torch.Tensor, likelihood: str
) -> None:
    for term in any_model.cost(images, likelihood=likelihood):
        assert term.shape == (5,) and term.dtype == torch.float32 and term.isfinite().all()


def test_noise_comes_from_the_generator_alone(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    first = any_model.cost(images, generator=torch.Generator().manual_seed(7))
    torch.rand(100)  # someone else uses the global generator
    second = any_model.cost(images, generator=torch.Generator().manual_seed(7))
    assert all(torch.equal(one, two) for one, two in zip(first, second, strict=True))


def test_reconstructions_are_the_same_each_time_and_in_training(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    at_rest = any_model.eval().reconstruct(images)
    assert torch.equal(any_model.train().reconstruct(images), at_rest)


def test_one_image_does_not_affect_another(any_model: Autoencoder, images: torch.Tensor) -> None:
    together = any_model.reconstruct(images)
    alone = any_model.reconstruct(images[2:3])
    torch.testing.assert_close(together[2:3], alone)


def test_one_seed_gives_one_model_and_another_seed_another(model_name: str) -> None:
    spec = small_spec(model_name)
    first, second, other = (
        torch.cat([weight.flatten() for weight in build(spec, seed).parameters()])
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_fresh_weights_are_drawn_layer_by_layer_from_the_seed_alone(model_name: str) -> None:
    """To the bit: a command of today makes the same model tomorrow."""
    spec = specify(model_name)
    model, generator = build(spec, 3), torch.Generator().manual_seed(3)
    expected: dict[str, torch.Tensor] = {}
    for name, layer in model.named_modules():
        if not isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            continue
        fan_in = layer.weight[0].numel()
        bound = math.sqrt(3) * (math.sqrt(2 / 6) / math.sqrt(fan_in))
        for kind, limit in (("weight", bound), ("bias", 1 / math.sqrt(fan_in))):
            if getattr(layer, kind) is None:
                continue
            drawn = torch.empty(getattr(layer, kind).shape)
            expected[f"{name}.{kind}"] = drawn.uniform_(-limit, limit, generator=generator)
    found = model.state_dict()
    assert expected and all(torch.equal(found[name], expected[name]) for name in expected)


def test_building_leaves_the_global_generator_alone(model_name: str) -> None:
    before = torch.get_rng_state()
    small(model_name)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_target_may_differ_from_the_input(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    def distortion(targets: torch.Tensor | None) -> torch.Tensor:
        return any_model.cost(images, targets, generator=torch.Generator()).distortion

    assert torch.equal(distortion(images), distortion(None))
    assert not torch.equal(distortion(1 - images), distortion(None))


def small_spec(name: str) -> ModelSpec:
    """The specification of `small`."""
    sizes = {"latent_dim": 3, "width": 8, "depth": 1}
    known = specify(name).options
    return specify(name, image_shape=SHAPE, **{o: v for o, v in sizes.items() if o in known})


def test_only_latents_with_a_prior_have_a_rate(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    rate = any_model.cost(images).rate
    assert (rate > 0).all() if any_model.has_prior else not rate.any()


GAUSSIAN = [name for name, model in MODELS.items() if model.has_posterior]


def saying(name: str, numbers: list[float]) -> Autoencoder:
    """A small model whose encoder says these numbers of every image."""
    model = small(name)
    last = [layer for layer in model.encoder.modules() if isinstance(layer, nn.Linear)][-1]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.copy_(torch.tensor(numbers))
    return model


@pytest.mark.parametrize("name", GAUSSIAN)
def test_an_encoder_says_the_means_first_and_then_the_log_variances(
    name: str, images: torch.Tensor
) -> None:
    model = saying(name, [1, 2, 3, -4, -5, -6])
    posterior = model.posterior(images)
    assert posterior.mean.tolist() == [[1, 2, 3]] * 5
    assert posterior.log_var.tolist() == [[-4, -5, -6]] * 5
    assert model.encode(images).tolist() == [[1, 2, 3]] * 5
    oracle = torch.distributions.Normal(
        torch.tensor([1.0, 2, 3]), torch.tensor([-2, -2.5, -3]).exp()
    )
    prior = torch.distributions.Normal(torch.zeros(3), torch.ones(3))
    rate = torch.distributions.kl_divergence(oracle, prior).sum()
    torch.testing.assert_close(model.cost(images).rate, rate.expand(5))


@pytest.mark.parametrize("name", GAUSSIAN)
def test_a_log_variance_beyond_all_bounds_costs_no_more_than_a_number_holds(
    name: str, images: torch.Tensor
) -> None:
    model = saying(name, [0, 0, 0, 1000, -1000, 20])
    assert model.posterior(images).log_var.tolist() == [[20, -20, 20]] * 5
    for term in model.cost(images, generator=torch.Generator().manual_seed(1)):
        assert term.isfinite().all()


@pytest.mark.parametrize("name", [name for name in MODELS if name != "pca"])
def test_a_decoder_begins_at_the_average_picture(name: str) -> None:
    pictures = torch.randint(256, (40, *SHAPE), generator=torch.Generator().manual_seed(2))
    pictures[:, :, :4] = 0  # as MNIST's border: black in every picture
    model = small(name)
    model.fit_before_training(pictures.to(torch.uint8))
    nothing = model.decode(torch.zeros(1, model.latent_dim))[0]
    average = pictures.float().mean(dim=0) / 255
    if isinstance([*model.decoder.modules()][-1], nn.ConvTranspose2d):
        average = average.mean().expand(SHAPE)  # one bias for all pixels
    # A fresh network adds something of its own, which is small.
    torch.testing.assert_close(torch.logit(nothing), torch.logit(average, 1e-3), atol=0.6, rtol=0)


def test_a_sparse_code_pays_for_what_is_on(images: torch.Tensor) -> None:
    model = small("sparse", sparsity=2.0)
    cost = model.cost(images)
    torch.testing.assert_close(cost.penalty, 2.0 * model.encode(images).sum(dim=1))


def test_a_sparse_code_cannot_dodge_its_price_by_scaling(images: torch.Tensor) -> None:
    model = small("sparse")
    before = model.reconstruct(images)
    with torch.no_grad():
        model.decoder.weight.mul_(100)  # type: ignore[union-attr]
    torch.testing.assert_close(model.reconstruct(images), before)


def test_pca_is_scikit_learns(images: torch.Tensor) -> None:
    from sklearn.decomposition import PCA

    data = (torch.rand(60, *SHAPE, generator=torch.Generator().manual_seed(2)) * 255).byte()
    model = small("pca")
    model.fit_before_training(data)
    pixels = data.flatten(1).numpy() / 255
    oracle = PCA(3).fit(pixels)
    expected = oracle.inverse_transform(oracle.transform(pixels)).clip(1e-3, 1 - 1e-3)
    mine = model.reconstruct(data.float() / 255).detach().flatten(1).numpy()
    assert abs(mine - expected).max() < 1e-4


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("conv-vea", {}, "Did you mean 'conv-vae'"),
        ("vae", {"latent": 2}, "Did you mean 'latent_dim'"),
        ("vae", {"latent_dim": 0}, "whole number from 1 to 512; got 0"),
        ("vae", {"latent_dim": 2.5}, "got 2.5"),
        ("vae", {"latent_dim": True}, "got True"),
        ("vae", {"width": 10**9}, "got 1000000000"),
        ("vae", {"width": 10**400}, "got 1000000000"),
        ("sparse", {"sparsity": float("nan")}, "got nan"),
        ("conv", {"image_shape": (1, 30, 28)}, "must divide by 4; got 30x28"),
        ("pca", {"image_shape": (1, 4, 4)}, "16 pixels has no more principal components"),
        ("vae", {"image_shape": (1, 28)}, "three whole numbers"),
        ("vae", {"image_shape": (1, 28, 10**6)}, "three whole numbers"),
    ],
)
def test_a_wrong_specification_is_explained(name: str, options: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        build(specify(name, **options))


def test_every_option_is_spelt_out_in_plain_data(model_name: str) -> None:
    options = specify(model_name).options
    size = {"vq-vae": "codes", "ladder-vae": "top"}.get(model_name, "latent_dim")
    assert {"image_shape", size} <= options.keys()
    assert specify(model_name, **json.loads(json.dumps(options))).options == options


def test_no_option_is_called_as_something_else_on_the_command_line(model_name: str) -> None:
    parser = argparse.ArgumentParser()
    add_train(parser)  # fails by itself where two flags have one name
    for option in inspect.signature(MODELS[model_name]).parameters.keys() - set(DECIDED):
        assert parser.get_default(option) is None
        assert option not in {field.name for field in fields(TrainConfig)} | {"dataset", "like"}


def test_a_model_takes_images_of_its_own_shape_alone(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    any_model.check_images(images)
    with pytest.raises(UsageError, match=r"Mine is built for images of 1x8x12 .*got 3x8x12"):
        any_model.check_images(images.expand(-1, 3, -1, -1), "Mine")
