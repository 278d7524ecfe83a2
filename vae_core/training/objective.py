"""The objective of training: the cost of a batch, after all that is done to its input."""

import torch
from torch import Generator, Tensor, nn

from ..data.augmentation import jitter
from ..data.corruption import corrupt
from ..data.tasks import pairs
from ..models import Autoencoder
from ..types import Images, Labels
from .config import TrainConfig
from .devices import faster_in_bfloat16

UNTOLD = -1  # the label of an image whose class is kept back


def noisy(images: Images, config: TrainConfig, generator: Generator) -> Images:
    """The images as a denoiser sees them: an equal part of the batch for each kind of noise."""
    parts: list[Tensor] = []
    for part, kind in zip(images.chunk(len(config.noise)), config.noise, strict=False):
        strength = torch.rand(len(part), generator=generator, device=part.device)
        parts.append(corrupt(part, kind, strength * config.noise_max, generator))
    return torch.cat(parts)


def partly(labels: Labels | None, share: float, generator: Generator) -> Labels | None:
    """The labels without a random share of them."""
    if labels is None or not share:
        return labels
    kept_back = torch.rand(len(labels), generator=generator, device=labels.device) < share
    return labels.masked_fill(kept_back, UNTOLD)


class Objective(nn.Module):
    """The loss of a batch in one call, so that PyTorch can spread it over processes."""

    def __init__(self, model: Autoencoder, config: TrainConfig) -> None:
        super().__init__()
        self.model = model
        self.config = config

    def forward(
        self, clean: Images, generator: Generator, labels: Labels | None = None
    ) -> tuple[Tensor, Tensor]:
        """The loss, and [distortion, rate] in nats averaged over the images."""
        config = self.config
        if config.jitter:
            clean = jitter(clean, config.jitter, generator)
        seen, wanted = pairs(config.task, clean, labels, generator)
        if config.noise:
            seen = noisy(seen, config, generator)
        with torch.autocast(
            clean.device.type, torch.bfloat16, enabled=uses_bfloat16(config, clean.device)
        ):
            told = self.model.told(partly(labels, self.model.untold, generator))
            cost = told.cost(seen, wanted, config.likelihood, generator)
        parts = torch.stack([cost.distortion.mean(), cost.rate.mean()])
        return cost.loss(config.beta), parts.detach()


def uses_bfloat16(config: TrainConfig, device: torch.device) -> bool:
    """True if matrices are multiplied in bfloat16."""
    return config.precision == "bfloat16" or (
        config.precision == "auto" and faster_in_bfloat16(device)
    )
