"""What a run would cost, by its recipe alone: nothing is allocated."""

import json
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from torch import nn

    from vae_core.models import Autoencoder
    from vae_core.training.recipe import Recipe

# Measured of the process that trains, beside what torch takes anyhow: floats for each weight (it,
# its gradient, two moments, and copies while they are saved), for each number that a layer puts
# out for an image of the batch, for each image of the batch, and for each image there is.
OF_WEIGHT, OF_OUTPUT, OF_IMAGE, OF_DATA = 12, 1.6, 6000, 1000
TESTED = 500  # images at a time when a model is tested
FLOAT = 4  # bytes


class Size(NamedTuple):
    """How large a model is.

    Attributes:
        parameters: numbers that it learns.
        latents: numbers that it keeps of an image.
        outputs: numbers that all of its layers put out for one image.
    """

    parameters: int
    latents: int
    outputs: int


def size_of(recipe: "Recipe") -> Size:
    """How large the model of a recipe is."""
    options = {**recipe.model.options, "image_shape": list(recipe.model.options["image_shape"])}
    return _size(recipe.model.name, json.dumps(options, sort_keys=True))


def memory_of(recipe: "Recipe", images: int) -> int:
    """About how many bytes it takes to train, beside what torch takes anyhow.

    Arguments:
        images: that there are to train on.
    """
    size, batch = size_of(recipe), min(recipe.config.batch_size, images)
    trained, tested = batch * (OF_OUTPUT * size.outputs + OF_IMAGE), TESTED * size.outputs / 2
    floats = OF_WEIGHT * size.parameters + max(trained, tested) + OF_DATA * images
    return int(FLOAT * floats)


@lru_cache(256)
def _size(name: str, options: str) -> Size:
    import torch

    from vae_core.models import MODELS

    plain = json.loads(options)
    with torch.device("meta"):
        model = MODELS[name](**{**plain, "image_shape": tuple(plain["image_shape"])})
    parameters = sum(weight.numel() for weight in model.parameters())
    return Size(parameters, model.latent_dim, _outputs(model))


def _outputs(model: "Autoencoder") -> int:
    import torch

    found: list[int] = []

    def note(_layer: "nn.Module", _given: Any, output: Any) -> None:
        if isinstance(output, torch.Tensor):
            found.append(output.numel())

    for layer in model.modules():
        if not list(layer.children()):
            layer.register_forward_hook(note)
    model.eval()  # layers that learn from a batch refuse a single picture in training
    # A layer that needs numbers and not shapes alone ends this: what came before it counts.
    with (
        torch.inference_mode(),
        torch.device("meta"),
        suppress(RuntimeError, NotImplementedError),
    ):
        model.decode_logits(model.encode(torch.zeros(1, *model.image_shape)))
    return sum(found)
