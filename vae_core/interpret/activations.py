"""The outputs of every layer of a model for a picture, and what each of its units stands for.

Nothing is hooked into a model, since many requests share one: its layers are walked through.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..models import Autoencoder
from ..models.networks import ResidualBlock
from ..types import Images, Latents

KINDS: dict[type[nn.Module], str] = {
    nn.Linear: "fully connected",
    nn.Conv2d: "convolution",
    nn.ConvTranspose2d: "transposed convolution",
    ResidualBlock: "residual block",
}


class Layer(NamedTuple):
    """A part of a network that has weights, with what only reshapes and bends about it."""

    before: nn.Sequential
    weighted: nn.Module
    after: nn.Sequential

    def sums(self, values: Tensor) -> Tensor:
        """The sums of its units, before any nonlinearity."""
        return self.weighted(self.before(values))

    def outputs(self, values: Tensor) -> Tensor:
        return self.after(self.sums(values))


class Stage(NamedTuple):
    """The output of one layer on the way from a picture through the latents to the reconstruction.

    Attributes:
        part: "encoder", "code" for the latents, "decoder", or "picture" for the reconstruction.
        kind: what the layer is, in words.
        values: [b, units], or [b, maps, h, w] where the units lie on maps.
        weights: how many numbers the layer has learnt.
    """

    part: str
    kind: str
    values: Tensor
    weights: int


def layers(network: nn.Module) -> list[Layer]:
    """The layers of an encoder or a decoder, in order."""
    found: list[Layer] = []
    before: list[nn.Module] = []
    for module in _parts(network):
        if next(module.parameters(), None) is not None:
            found.append(Layer(nn.Sequential(*before), module, nn.Sequential()))
            before = []
        elif isinstance(module, nn.Flatten) or not found:
            before.append(module)  # the units of a convolution stay on their maps until then
        else:
            found[-1].after.append(module)
    return found


@torch.inference_mode()
def stage_outputs(model: Autoencoder, images: Images) -> list[Stage]:
    """The output of each layer for the images: the encoder, latents, the decoder, the picture.

    Example:
        >>> from vae_core.models import build, specify
        >>> stages = stage_outputs(build(specify("vanilla", depth=1)), torch.rand(1, 1, 28, 28))
        >>> [(stage.part, tuple(stage.values.shape)) for stage in stages]
        [('encoder', (1, 512)), ('code', (1, 32)), ('decoder', (1, 512)), ('picture', (1, 1, 28, 28))]
    """
    latents = model.encode(images)
    *inner, to_latents = layers(model.encoder)
    *outer, to_picture = layers(model.decoder)
    return [
        *_stages("encoder", inner, images),
        _stage("code", to_latents, latents),
        *_stages("decoder", outer, latents),
        _stage("picture", to_picture, model.decode(latents)),
    ]


def unit_gradient(model: Autoencoder, images: Images, stage: int, unit: int) -> Images:
    """By how much a brighter pixel raises what a unit of the encoder adds up: [b, c, h, w].

    It is the gradient of that sum at each of the images. For units of the first layer that is
    their weights, whatever the image.

    Arguments:
        stage: which of `stage_outputs`, up to the latents.
        unit: which number of it, the maps one after the other.
    """
    encoder = layers(model.encoder)
    with torch.inference_mode(False), torch.enable_grad():
        pixels = images.clone().requires_grad_()
        values = pixels
        for layer in encoder[:stage]:
            values = layer.outputs(values)
        sums = encoder[stage].sums(values)
        if not isinstance(sums, Tensor):  # an encoder that branches, whose latents come of several
            sums = model.encode(pixels)
        sums = sums.flatten(start_dim=1)
        (gradient,) = torch.autograd.grad(sums[:, unit].sum(), pixels)
    return gradient


@torch.inference_mode()
def unit_effect(model: Autoencoder, latents: Latents, stage: int, unit: int, by: float) -> Images:
    """The change of the picture when a latent or a unit of the decoder is raised: [b, c, h, w].

    The picture with the unit `by` higher, minus the picture without that.

    Arguments:
        stage: which of `stage_outputs`, from the latents on, but not the picture.
        unit: which number of it, the maps one after the other.
    """
    at = stage - (len(layers(model.encoder)) - 1)
    if at == 0:
        return model.decode(_raised(latents, unit, by)) - model.decode(latents)
    decoder = layers(model.decoder)
    values = latents
    for layer in decoder[:at]:
        values = layer.outputs(values)
    pictures = []
    for start in (_raised(values, unit, by), values):
        for layer in decoder[at:]:
            start = layer.outputs(start)
        pictures.append(torch.sigmoid(start))
    return pictures[0] - pictures[1]


def kernels(model: Autoencoder) -> Tensor | None:
    """The windows of the first layer, [maps, c, h, w]; None if it is not a convolution."""
    first = layers(model.encoder)[0].weighted
    return first.weight.detach() if isinstance(first, nn.Conv2d) else None


def _parts(network: nn.Module) -> Iterator[nn.Module]:
    if not isinstance(network, nn.Sequential):
        yield network
        return
    for module in network:
        yield from _parts(module)


def _stages(part: str, through: list[Layer], values: Tensor) -> list[Stage]:
    found = []
    for layer in through:
        values = layer.outputs(values)
        found.append(_stage(part, layer, values))
    return found


def _stage(part: str, layer: Layer, values: Tensor) -> Stage:
    weighted = layer.weighted
    kind = next((word for type_, word in KINDS.items() if isinstance(weighted, type_)), "layer")
    return Stage(part, kind, values, sum(weight.numel() for weight in weighted.parameters()))


def _raised(values: Tensor, unit: int, by: float) -> Tensor:
    raised = values.clone()
    raised.view(len(values), -1)[:, unit] += by
    return raised
