"""The network of a diffusion in latent space, and how it is trained."""

from math import log
from typing import cast

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ...types import Latents
from .schedule import STEPS, signal_shares

EMBEDDING = 32  # numbers that tell the network the time
SLOWEST = 10_000  # the longest wave among them, in steps
BATCH = 512
RATE = 2e-3
KEPT = 0.999  # of the average of the weights, at each step


class Denoiser(nn.Module):
    """Guesses the noise in latents: a few fully connected layers with a path around each.

    In go the noisy latents and the embedding of the time, side by side, [b, z + 32]; out comes the
    noise that it believes is in them, [b, z].
    """

    def __init__(self, latent_dim: int, width: int = 144, depth: int = 3) -> None:
        super().__init__()
        self.first = nn.Linear(latent_dim + EMBEDDING, width)
        self.hidden = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.last = nn.Linear(width, latent_dim)

    def forward(self, given: Tensor) -> Latents:
        found = F.silu(self.first(given))
        for layer in self.hidden:
            found = found + F.silu(layer(found))
        return self.last(found)


def embed_time(times: Tensor) -> Tensor:
    """Waves of 16 lengths at each time, first their sines and then their cosines: [b, 32].

    Arguments:
        times: [b], steps of noise, from 0 to 1000.

    Reference:
        Attention Is All You Need (Vaswani et al., 2017), section 3.5
        https://arxiv.org/abs/1706.03762
    """
    half = EMBEDDING // 2
    pace = torch.exp(torch.arange(half).double() * (-log(SLOWEST) / half))
    turns = times.double()[:, None] * pace
    return torch.cat([turns.sin(), turns.cos()], dim=1).float()


def guess(denoiser: nn.Module, noisy: Latents, times: Tensor) -> Latents:
    """The noise that the network believes is in the latents: [b, z], in standard deviations."""
    return denoiser(torch.cat([noisy, embed_time(times)], dim=1))


def train_denoiser(
    latents: Latents, width: int = 144, steps: int = 12_000, seed: int = 0
) -> Denoiser:
    """A network that guesses the noise in latents, the same one for the same seed.

    At each step some latents get noise of a random strength, and the network is to say which: L of
    equation 14 of Ho et al. What is kept is the average of its weights over the last thousand steps.

    Arguments:
        latents: [n, z], of mean 0 and variance 1 in each direction.

    Reference:
        Denoising Diffusion Probabilistic Models (Ho et al., 2020), https://arxiv.org/abs/2006.11239
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = Denoiser(latents.shape[1], width)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(KEPT))
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0, fused=True)
    planned = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    generator = Generator().manual_seed(seed)
    shares = signal_shares()
    times_told = embed_time(torch.arange(STEPS + 1))
    for _ in range(steps):
        rows = torch.randint(len(latents), (BATCH,), generator=generator)
        times = torch.randint(1, STEPS + 1, (BATCH,), generator=generator)
        noise = torch.randn(BATCH, latents.shape[1], generator=generator)
        share = shares[times, None].float()
        noisy = share.sqrt() * latents[rows] + (1 - share).sqrt() * noise
        loss = F.mse_loss(network(torch.cat([noisy, times_told[times]], dim=1)), noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        planned.step()
        average.update_parameters(network)
    trained = cast(Denoiser, average.module)
    return trained.eval().requires_grad_(False)
