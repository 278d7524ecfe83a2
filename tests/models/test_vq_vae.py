"""Codes in a grid: what they are, what they cost, and that nothing lies between them."""

from math import log, log2, prod

import pytest
import torch
from torch import Generator, Tensor

from tests.conftest import small
from vae_core.data.datasets import load
from vae_core.errors import UsageError
from vae_core.models import Autoencoder, build, inference, specify
from vae_core.models.quantisers import Codebook, Lattice, levels_of
from vae_core.models.vq_vae import VQVAE
from vae_core.training.config import TrainConfig
from vae_core.training.trainer import train

KINDS = {"vq": {"codes": 6, "code_dim": 2}, "fsq": {"quantiser": "fsq", "codes": 6}}


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest) -> VQVAE:
    found = small("vq-vae", **KINDS[request.param])
    assert isinstance(found, VQVAE)
    found.fit_before_training((torch.rand(20, *found.image_shape) * 255).byte())
    return found


def every_grid(model: VQVAE) -> Tensor:
    """As many grids as there are codes, [codes, rows, columns], each code in each cell once."""
    cells = torch.arange(prod(model.grid)).view(1, *model.grid)
    return (torch.arange(model.codes).view(-1, 1, 1) + cells) % model.codes


def test_models_of_numbers_have_no_codes(any_model: Autoencoder) -> None:
    latents = torch.zeros(1, any_model.latent_dim)
    if any_model.codes:
        assert any_model.codes_of(latents).shape == (1, *any_model.grid)
        return
    assert any_model.grid == (0, 0)
    for ask in (any_model.codes_of, any_model.latents_of):
        with pytest.raises(UsageError, match="numbers, not codes"):
            ask(latents)


def test_codes_and_latents_stand_for_each_other(model: VQVAE, images: Tensor) -> None:
    codes = every_grid(model)
    assert torch.equal(model.codes_of(model.latents_of(codes)), codes)
    latents = model.encode(images)
    assert torch.equal(model.latents_of(model.codes_of(latents)), latents)
    assert model.codes_of(latents).shape == (5, 2, 3)


def test_what_lies_between_codes_is_drawn_as_the_nearest(model: VQVAE) -> None:
    latents = model.latents_of(every_grid(model))
    near = latents + 0.01 * latents.std() * torch.randn(latents.shape, generator=Generator())
    with torch.no_grad():
        torch.testing.assert_close(model.decode(near), model.decode(latents))


def test_the_nearest_code_is_the_nearest(model: VQVAE) -> None:
    generator = Generator().manual_seed(3)
    maps = torch.rand(5, model.latent_dim // 6, 2, 3, generator=generator) * 2 - 1
    every = model.quantiser.at(torch.arange(model.codes).view(-1, 1, 1)).flatten(1)
    found = model.quantiser.points(maps)
    best = torch.cdist(maps.movedim(1, -1).flatten(0, 2), every).amin(dim=1)
    torch.testing.assert_close((found - maps).norm(dim=1).flatten(), best)
    assert torch.equal(model.quantiser.at(model.quantiser.numbers(maps)), found)


def test_its_size_is_what_the_codes_take(model: VQVAE) -> None:
    assert model.latent_bits == 6 * log2(6)


def test_codes_cost_what_the_prior_says(model: VQVAE, images: Tensor) -> None:
    torch.testing.assert_close(model.cost(images).rate, torch.full((5,), 6 * log(6)))
    with torch.no_grad():
        model.prior.normal_(generator=Generator().manual_seed(1))
    chances = model.prior.softmax(dim=1)
    codes = model.codes_of(model.encode(images)).flatten(1)
    by_hand = [
        -sum(chances[cell, code].log() for cell, code in enumerate(row)) for row in codes.tolist()
    ]
    torch.testing.assert_close(
        model.cost(images).rate, torch.stack([*map(torch.as_tensor, by_hand)])
    )


def test_the_prior_draws_each_code_as_often_as_it_says(model: VQVAE) -> None:
    with torch.no_grad():
        model.prior.normal_(generator=Generator().manual_seed(1))
        drawn = model.codes_of(model.sample_prior(20_000, Generator().manual_seed(2))).flatten(1)
    for cell, chances in enumerate(model.prior.softmax(dim=1)):
        shares = torch.bincount(drawn[:, cell], minlength=model.codes) / len(drawn)
        torch.testing.assert_close(shares, chances.detach(), atol=0.02, rtol=0)


def test_the_gradient_of_the_picture_reaches_the_encoder(model: VQVAE, images: Tensor) -> None:
    model.cost(images).distortion.sum().backward()
    first = next(model.encoder.parameters())
    assert first.grad is not None and first.grad.any()
    assert model.prior.grad is None


def test_codes_and_encoder_pay_for_their_distance() -> None:
    book = Codebook(3, 2, commitment=0.5)
    maps, chosen = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.0])
    maps.requires_grad_()
    chosen.requires_grad_()
    penalty = book.penalty(maps.view(1, 2, 1, 1), chosen.view(1, 2, 1, 1))
    assert penalty.tolist() == [[[0.5 * (4 * 4 + 4)]]]
    penalty.sum().backward()
    assert maps.grad is not None and maps.grad.tolist() == [0, 2]  # of its own part alone
    assert chosen.grad is not None and chosen.grad.tolist() == [0, -8]


def test_a_lattice_is_even_and_costs_nothing() -> None:
    lattice = Lattice((3, 2))
    points = lattice.at(torch.arange(6).view(6, 1, 1)).flatten(1).tolist()
    assert points == [[-1, -1], [0, -1], [1, -1], [-1, 1], [0, 1], [1, 1]]
    assert not lattice.penalty(torch.rand(4, 2, 1, 1), torch.rand(4, 2, 1, 1)).any()
    assert lattice.bounded(torch.tensor([-1e9, 0.0, 1e9])).tolist() == [-1, 0, 1]


@pytest.mark.parametrize("codes", [2, 8, 9, 36, 64, 240, 1000, 4096])
def test_the_levels_of_a_lattice_make_up_its_codes(codes: int) -> None:
    levels = levels_of(codes)
    assert prod(levels) == codes and all(2 <= level <= 8 for level in levels)


def test_codes_that_are_no_lattice_are_refused() -> None:
    with pytest.raises(UsageError, match=r"37 is no product of such.*such as 36 or 64"):
        build(specify("vq-vae", quantiser="fsq", codes=37))
    with pytest.raises(UsageError, match="Did you mean 'fsq'"):
        specify("vq-vae", quantiser="fs")


def used(model: Autoencoder, images: Tensor) -> float:
    """The share of the codes that occur in these images."""
    found = model.codes_of(inference.encode(model, images)).unique()
    return len(found) / model.codes


def trained(**options: object) -> tuple[float, float]:
    """The codes in use after some epochs of digits, and the error of held-out ones."""
    images, held_out = load("digits").images, load("digits", "validation").images / 255
    model = build(specify("vq-vae", width=4, depth=0, **options))
    config = TrainConfig(epochs=8, batch_size=48, learning_rate=0.01)
    for _ in train(
        model, images, config, load("digits", "validation").images, torch.device("cpu")
    ):
        pass
    error = (inference.reconstruct(model, held_out) - held_out).square().mean().item()
    return used(model, held_out), error


@pytest.mark.parametrize("kind", KINDS)
def test_training_uses_the_codes_and_draws_the_digits(kind: str) -> None:
    share, error = trained(**KINDS[kind] | {"codes": 16})
    average = load("digits").images.float().mean(dim=0) / 255
    held_out = load("digits", "validation").images / 255
    assert share > 0.9
    assert error < 0.5 * (held_out - average).square().mean().item()
