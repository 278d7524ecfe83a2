"""What a request costs, before anybody works on it: what its model multiplies, times its pictures.

A page for strangers refuses what would keep its others waiting. On a page of one's own nobody else
waits, so there it may take as long as it takes.
"""

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from vae_core.errors import UsageError
from vae_core.models import Autoencoder
from vae_core.models.layers import without_numbers

MOST = 100_000_000_000  # multiplications in one request: ten seconds of a core, or some more
PICTURES = 1000  # of a model that is of use on the page: its map has as many
SPREADING = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, *SPREADING)

if TYPE_CHECKING:
    from vae_core.training.checkpoints import Checkpoint

_known: "WeakKeyDictionary[Autoencoder, int]" = WeakKeyDictionary()


def check_effort(checkpoints: "Sequence[Checkpoint]", pictures: int) -> None:
    """Refuses to encode or draw so many pictures by each of these models if that takes too long.

    Raises:
        UsageError: if it does.
    """
    costs = {each.name: operations(each.model) for each in checkpoints}
    whole = sum(costs.values())
    if whole * pictures > MOST:
        dear = max(costs, key=costs.__getitem__)
        raise UsageError(
            f"This would multiply {whole * pictures / 1e9:,.0f} billion numbers, and on this page a "
            f"request may multiply {MOST / 1e9:,.0f} billion: '{dear}' multiplies "
            f"{costs[dear] / 1e6:,.0f} million for a picture. Choose a model with a lower width or "
            "depth, or fewer pictures."
        )


def operations(model: Autoencoder) -> int:
    """How many numbers it multiplies to encode a picture and to draw it, as far as layers tell."""
    if model not in _known:
        _known[model] = _counted(model)
    return _known[model]


def _counted(model: Autoencoder) -> int:
    count = 0

    def hook(layer: nn.Module, given: tuple[Any, ...], found: Any) -> None:
        nonlocal count
        weight = getattr(layer, "weight", None)
        if not isinstance(weight, Tensor) or weight.ndim < 2 or not isinstance(found, Tensor):
            return
        # A convolution has a window for each place of its output, or of its input if it spreads
        # them. All others have one weight for each multiplication.
        places = (given[0] if isinstance(layer, SPREADING) else found).shape[2:]
        count += weight.numel() * (prod(places) if isinstance(layer, CONVOLUTIONS) else 1)

    twin: Any = without_numbers(model)
    for layer in twin.modules():
        layer.register_forward_hook(hook)
    with torch.no_grad():
        twin.encode(torch.empty(1, *model.image_shape, device="meta"))
        twin.decode(torch.empty(1, model.latent_dim, device="meta"))
    return count
