"""How much each latent matters to a picture, with and without a prior."""

import torch
from torch import Tensor

from ..models import Autoencoder, GaussianLatents
from ..models.inference import BATCH
from ..types import Images

DEAD_NATS = 0.01  # per image; a latent that tells less than this is dead


@torch.inference_mode()
def effects(model: Autoencoder, code: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """How much the picture changes as each number of a code goes from `low` to `high`, [z].

    The change is the root mean square over pixels, white being 1. It puts the latents of a model
    without a prior in order of importance.

    Arguments:
        code: [z], where the other numbers stay meanwhile.
        low: [z], one per latent, such as a low quantile of many codes; so is `high`.
    """
    each = torch.eye(len(code), dtype=torch.bool, device=code.device)
    ends = [torch.where(each, values, code).split(BATCH) for values in (low, high)]
    pairs = zip(*ends, strict=True)
    changes = [model.decode(one) - model.decode(other) for one, other in pairs]
    return torch.cat(changes).square().mean(dim=(1, 2, 3)).sqrt()


@torch.inference_mode()
def kl_per_latent(model: GaussianLatents, images: Images) -> Tensor:
    """What each latent tells of an image, KL(q(z|x) || p(z)) in nats, averaged over images: [z].

    Their sum is the rate. Below `DEAD_NATS` a latent says next to nothing.
    """
    parts = [model.posterior(part).kl_per_latent() for part in images.split(BATCH)]
    return torch.cat(parts).mean(dim=0)
