"""A diffusion as a prior: noise that is turned into latents, step by step, by a network.

Reference:
    High-Resolution Image Synthesis with Latent Diffusion Models (Rombach et al., 2022), whose
    models are called Stable Diffusion, https://arxiv.org/abs/2112.10752
"""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from ...errors import UsageError, check_range
from ...types import Latents
from .denoiser import guess, train_denoiser
from .schedule import LATER, ddim_steps


@dataclass(frozen=True)
class Diffusion:
    """A network that guesses noise, and the scale of the latents that it knows.

    Attributes:
        mean: [z], of the latents; the network sees them less this and divided by `deviation`.
        deviation: [z].
    """

    mean: Tensor
    deviation: Tensor
    denoiser: nn.Module

    @torch.inference_mode()
    def walk(self, noise: Latents, steps: int = LATER) -> Tensor:
        """The way from noise to latents: [steps + 1, n, z], the noise itself being the first.

        All of them are on the scale of the latents, so that each can be decoded.

        Arguments:
            noise: [n, z], from N(0, I).
            steps: a divisor of 1000; fewer are quicker and coarser.
        """
        if noise.ndim != 2 or noise.shape[1] != len(self.mean):
            raise UsageError(
                f"This diffusion begins with noise of the shape [n, {len(self.mean)}]; got "
                f"{list(noise.shape)}."
            )
        way = [noise]
        for step in ddim_steps(steps):
            times = torch.full((len(noise),), step.time)
            noise = step.keep * noise + step.add * guess(self.denoiser, noise, times)
            way.append(noise)
        return self.mean + self.deviation * torch.stack(way)

    def sample(self, count: int, generator: Generator, steps: int = LATER) -> Latents:
        """`count` latents: [count, z]. Only the noise that they begin with is drawn."""
        check_range("count", count, 1, 1_000_000, whole=True)
        return self.walk(torch.randn(count, len(self.mean), generator=generator), steps)[-1]


def fit_diffusion(
    latents: Latents, width: int = 144, steps: int = 12_000, seed: int = 0
) -> Diffusion:
    """A diffusion trained on latents, the same for the same seed.

    Arguments:
        latents: [n, z], draws from the posteriors of many images.
        width: units of each of the network's layers.
        steps: of training.

    Raises:
        UsageError: if there are fewer than two latents, or one is not finite.
    """
    check_range("width", width, 1, 4096, whole=True)
    check_range("steps", steps, 1, 10_000_000, whole=True)
    if len(latents) < 2 or not latents.isfinite().all():
        raise UsageError(
            f"A diffusion is trained on at least 2 codes, all finite; got {len(latents)}. Encode "
            "images with a trained model."
        )
    mean, deviation = latents.mean(dim=0), latents.std(dim=0).clamp(min=1e-6)
    trained = train_denoiser((latents - mean) / deviation, width, steps, seed)
    return Diffusion(mean, deviation, trained)
