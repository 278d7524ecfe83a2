"""The importance of each latent to a picture, with and without a prior."""

import torch
from torch import Tensor

from ..models import Autoencoder
from ..models.inference import BATCH
from ..types import Images

DEAD_NATS = 0.01  # per image; a latent that tells less than this is dead


@torch.inference_mode()
def effects(model: Autoencoder, latents: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """The change of the picture as each latent goes from `low` to `high`, [z].

    The change is the root mean square over pixels, white being 1. It puts the latents of a model
    without a prior in order of importance.

    Arguments:
        latents: [z], where the others stay meanwhile.
        low: [z], one per latent, such as a low quantile over many images; so is `high`.
    """
    each = torch.eye(len(latents), dtype=torch.bool, device=latents.device)
    ends = [torch.where(each, values, latents).split(BATCH) for values in (low, high)]
    pairs = zip(*ends, strict=True)
    changes = [model.decode(one) - model.decode(other) for one, other in pairs]
    return torch.cat(changes).square().mean(dim=(1, 2, 3)).sqrt()


@torch.inference_mode()
def kl_per_latent(model: Autoencoder, images: Images) -> Tensor:
    """The KL(q(z|x) || p(z)) of each latent in nats, averaged over images: [z].

    Their sum is the rate. Below `DEAD_NATS` a latent says next to nothing. The prior is N(0, I).

    Example:
        >>> from vae_core.models import build, specify
        >>> model = build(specify("vae", latent_dim=4))
        >>> nats = kl_per_latent(model, torch.rand(10, 1, 28, 28))
        >>> nats.shape, bool((nats >= 0).all())
        (torch.Size([4]), True)
    """
    parts = [model.posterior(part).kl_per_latent() for part in images.split(BATCH)]
    return torch.cat(parts).mean(dim=0)
