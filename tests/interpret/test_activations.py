"""What layers put out and what units stand for, over every model, by other roads."""

import pytest
import torch
from torch import nn

from tests.conftest import SHAPE, small
from vae_core.errors import UsageError
from vae_core.interpret import activations, equivariance
from vae_core.models import Autoencoder

# --- the library ---


def test_a_flow_leads_through_the_code_to_the_reconstruction(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    stages = activations.stage_outputs(any_model, images)
    parts = [stage.part for stage in stages]
    middle = parts.index("code")
    assert parts == ["encoder"] * middle + ["code"] + ["decoder"] * (len(parts) - middle - 2) + [
        "picture"
    ]
    torch.testing.assert_close(stages[middle].values, any_model.encode(images))
    torch.testing.assert_close(stages[-1].values, any_model.reconstruct(images))


def test_the_layers_of_a_flow_have_all_weights_of_the_model(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    weights = sum(stage.weights for stage in activations.stage_outputs(any_model, images))
    networks = (any_model.encoder, any_model.decoder)  # what a class adds is beside them
    assert weights == sum(weight.numel() for each in networks for weight in each.parameters())


def test_every_stage_is_what_a_hook_sees(any_model: Autoencoder, images: torch.Tensor) -> None:
    """Each stage is the output of some module of the model when it runs as a whole."""
    seen: list[torch.Tensor] = []
    for module in any_model.modules():
        module.register_forward_hook(lambda *hooked: seen.append(hooked[2]))
    with torch.no_grad():
        any_model.reconstruct(images)
        stages = activations.stage_outputs(any_model, images)
    hidden = [stage for stage in stages if stage.part in ("encoder", "decoder")]
    for stage in hidden:
        assert any(each.shape == stage.values.shape and each.equal(stage.values) for each in seen)
    assert (
        len(hidden)
        == len(activations.layers(any_model.encoder))
        + len(activations.layers(any_model.decoder))
        - 2
    )


def test_what_excites_a_unit_is_what_a_small_change_of_a_pixel_does(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    model, image = any_model.double(), images[:1].double()
    middle = len(activations.layers(model.encoder)) - 1

    def sums(picture: torch.Tensor) -> torch.Tensor:
        *inner, last = activations.layers(model.encoder)
        for layer in inner:
            picture = layer.outputs(picture)
        found = last.sums(picture)
        return (found if isinstance(found, torch.Tensor) else model.encode(picture)).flatten()

    gradient = activations.unit_gradient(model, image, middle, 1)[0, 0]
    step = torch.zeros_like(image)
    step[0, 0, 3, 7] = 1e-5
    with torch.no_grad():
        slope = (sums(image + step)[1] - sums(image - step)[1]) / 2e-5
    torch.testing.assert_close(gradient[3, 7], slope, rtol=1e-4, atol=1e-8)


def test_what_excites_a_unit_of_the_first_layer_is_its_weights(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    first = activations.layers(any_model.encoder)[0].weighted
    if isinstance(first, nn.Linear):
        weights = first.weight.detach()[2].reshape(SHAPE)
        for picture in activations.unit_gradient(any_model, images, 0, 2):
            torch.testing.assert_close(picture, weights)
        assert activations.kernels(any_model) is None
        return
    windows = activations.kernels(any_model)
    if not isinstance(first, nn.Conv2d):  # an encoder that branches is one layer
        assert windows is None
        return
    assert windows is not None and windows.shape == (8, 1, 4, 4)
    height, width = SHAPE[1] // 2, SHAPE[2] // 2
    unit = 2 * height * width + 1 * width + 3  # map 2, row 1, column 3
    weights = activations.unit_gradient(any_model, images, 0, unit)[0, 0]
    torch.testing.assert_close(weights[1:5, 5:9], windows[2, 0])
    assert weights.count_nonzero() == 16


def test_a_raised_number_of_the_code_is_another_code(
    any_model: Autoencoder, images: torch.Tensor
) -> None:
    latents = any_model.encode(images).detach()
    raised = latents + 2.0 * (torch.arange(any_model.latent_dim) == 1)
    middle = len(activations.layers(any_model.encoder)) - 1
    change = activations.unit_effect(any_model, latents, middle, 1, 2.0)
    expected = any_model.decode(raised) - any_model.decode(latents)
    torch.testing.assert_close(change, expected.detach())


@pytest.mark.parametrize("name", ["vanilla", "vae", "conv", "conv-vae"])
def test_a_raised_unit_of_the_decoder_is_another_bias(name: str, images: torch.Tensor) -> None:
    """Where no nonlinearity follows, raising a unit is the same as a larger bias."""
    model = small(name)
    latents = model.encode(images).detach()
    decoder = activations.layers(model.decoder)
    decoder[0].after[0] = nn.Identity()
    plain = nn.Sequential(*(nn.Sequential(*each) for each in decoder))
    model.decoder = plain
    before = model.decode(latents)
    change = activations.unit_effect(
        model, latents, len(activations.layers(model.encoder)), 4, 0.5
    )
    bias = decoder[0].weighted.get_parameter("bias")
    with torch.no_grad():
        bias[4] += 0.5
        expected = model.decode(latents) - before
    assert change.abs().max() > 0
    torch.testing.assert_close(change, expected.detach())


# --- moving ---


@pytest.mark.parametrize(("right", "down"), [(2, 0), (-2, 0), (0, 4), (-2, 2), (0, 0)])
@pytest.mark.parametrize("name", ["conv", "conv-vae"])
def test_the_maps_of_a_convolution_move_with_the_picture(
    name: str, right: int, down: int, images: torch.Tensor
) -> None:
    seen = equivariance.moved(small(name), images, right, down)
    assert seen.along is not None and seen.along < 1e-6
    assert (seen.change > 0.1) == bool(right or down)


def test_the_units_of_a_fully_connected_layer_do_not(images: torch.Tensor) -> None:
    seen = equivariance.moved(small("vanilla"), images, 2, 0)
    assert seen.along is None
    expected = (seen.after - seen.before).square().sum() / seen.before.square().sum()
    assert seen.change == pytest.approx(expected.sqrt().item()) and seen.change > 0.1


def test_a_map_that_does_not_move_along_is_found_out(images: torch.Tensor) -> None:
    model = small("conv")
    layer = activations.layers(model.encoder)[0]
    spoilt = torch.zeros(8, *layer.weighted(images).shape[2:])
    spoilt[3, 1, 3] = 1.0  # one place that always answers
    layer.weighted.register_forward_hook(lambda *hooked: hooked[2] + spoilt)
    along = equivariance.moved(model, images, 2, 0).along
    assert along is not None and along > 0.01


def test_windows_two_pixels_apart_follow_even_steps_only(images: torch.Tensor) -> None:
    with pytest.raises(UsageError, match="2 pixels apart"):
        equivariance.moved(small("conv"), images, 1, 0)


def test_what_moves_out_of_the_picture_is_gone_and_black_comes_in() -> None:
    picture = torch.arange(12.0).reshape(3, 4)
    moved = equivariance.move(picture, 1, -1)
    assert moved.tolist() == [[0, 4, 5, 6], [0, 8, 9, 10], [0, 0, 0, 0]]
    assert (
        not equivariance.move(picture, 4, 0).any() and not equivariance.move(picture, -9, 9).any()
    )


# --- the routes ---
