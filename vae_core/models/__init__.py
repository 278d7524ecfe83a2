"""Every model the project knows, by name. Add yours with one line in `MODELS`."""

import inspect
from math import isfinite, sqrt
from typing import Any, NamedTuple

import torch
from torch import Generator, nn

from ..errors import UsageError, check_name, check_range, shown
from .base import Autoencoder, GaussianLatents
from .conv import Conv
from .conv_vae import ConvVAE
from .cvae import CVAE
from .ladder_vae import LadderVAE
from .pca import PCA
from .sparse import Sparse
from .vae import VAE
from .vanilla import Vanilla
from .vq_vae import VQVAE

MODELS: dict[str, type[Autoencoder]] = {
    "pca": PCA,
    "vanilla": Vanilla,
    "sparse": Sparse,
    "conv": Conv,
    "vae": VAE,
    "conv-vae": ConvVAE,
    "cvae": CVAE,
    "vq-vae": VQVAE,
    "ladder-vae": LadderVAE,
}

MOST_CLASSES = 1000
DECIDED = ("image_shape", "out_channels", "classes")  # by images and task, not by whoever trains

KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


class ModelSpec(NamedTuple):
    """All it takes to build a model again, weights aside. Plain data, safe to store."""

    name: str
    options: dict[str, Any]


def specify(name: str, /, **options: Any) -> ModelSpec:
    """Spells out every option, so that a later change of default cannot change a checkpoint.

    Raises:
        UsageError: if no model has that name, the model has no such option, or a value is out
            of range.

    Example:
        >>> specify("vae", latent_dim=2).options
        {'image_shape': (1, 28, 28), 'latent_dim': 2, 'width': 512, 'depth': 2}
    """
    check_name("model", name, MODELS)
    known = inspect.signature(MODELS[name]).parameters
    for option in options:
        check_name(f"option of '{name}'", option, known)
    chosen = {option: _fixed(options.get(option, known[option].default)) for option in known}
    chosen["image_shape"] = _image_shape(chosen["image_shape"])
    if chosen.get("out_channels") is not None:
        check_range("out_channels", chosen["out_channels"], 1, 256, whole=True)
    if "classes" in chosen:
        check_range("classes", chosen["classes"], 1, MOST_CLASSES, whole=True)
    bounds = MODELS[name].OPTIONS
    for option, value in chosen.items():
        default = known[option].default
        if option in bounds:
            bounds[option].check(option, value, isinstance(default, int))
        elif option not in DECIDED:
            _check_kind(option, value, default)
    return ModelSpec(name, chosen)


def _fixed(value: Any) -> Any:
    """The same with tuples for lists: JSON has only these, and equal options must compare equal."""
    return tuple(map(_fixed, value)) if isinstance(value, list | tuple) else value


def _check_kind(option: str, value: Any, default: Any) -> None:
    """Refuses a value of another kind than the default, where that is a plain one."""
    kind = type(default)
    fits = type(value) is kind or (kind is float and type(value) is int)
    endless = isinstance(value, float) and not isfinite(value)
    if kind in KINDS and (not fits or endless):
        raise UsageError(f"{option} must be {KINDS[kind]}; got {shown(value)}.")


def _image_shape(shape: Any) -> tuple[int, ...]:
    sides = tuple(shape) if isinstance(shape, list | tuple) else ()
    if len(sides) != 3 or not all(type(side) is int and 1 <= side <= 256 for side in sides):
        raise UsageError(
            "image_shape must be three whole numbers from 1 to 256 (channels, height, width); "
            f"got {shown(shape)}."
        )
    return sides


def build(spec: ModelSpec, seed: int = 0) -> Autoencoder:
    """A new model, its random weights drawn from `seed` alone.

    Raises:
        UsageError: if the specification is not a valid one.

    Example:
        >>> model = build(specify("vae", latent_dim=2), seed=0)
        >>> model.encode(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5, 2])
    """
    spec = specify(spec.name, **spec.options)
    # What a layer fills itself with, of a kind that is not drawn below, comes from the same seed.
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        model = MODELS[spec.name](**spec.options)
    generator = Generator().manual_seed(seed)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            _initialise(layer, generator)
    return model


def _initialise(layer: nn.Linear | nn.Conv2d | nn.ConvTranspose2d, generator: Generator) -> None:
    """PyTorch's own default weights, but drawn from a generator that belongs to nobody else.

    Larger ones (He et al., 2015) learn faster at first, and then leave a VAE of 20 numbers 2 nats
    worse: it starts with every number in use and never gives one back.
    """
    nn.init.kaiming_uniform_(layer.weight, a=sqrt(5), generator=generator)
    if layer.bias is not None:
        bound = 1 / sqrt(layer.weight[0].numel())
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)


__all__ = [
    "DECIDED",
    "MODELS",
    "Autoencoder",
    "GaussianLatents",
    "ModelSpec",
    "build",
    "specify",
]
