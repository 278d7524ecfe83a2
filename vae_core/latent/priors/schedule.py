"""How much noise a diffusion adds at each step, and how it is taken away again."""

from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import UsageError

STEPS = 1000  # of noise, in training
BETAS = (1e-4, 0.02)  # the variance that the first and the last of them add
LATER = 50  # steps of sampling


def signal_shares() -> Tensor:
    """The share of signal in the variance after 0 to 1000 steps of noise, from 1 to nearly 0: [1001].

    After t steps latents are sqrt(share) * latents + sqrt(1 - share) * noise. The variances that the
    steps add grow in a straight line.

    Reference:
        Denoising Diffusion Probabilistic Models (Ho et al., 2020), equation 4 and section 4,
        where the share is called alpha-bar, https://arxiv.org/abs/2006.11239
    """
    kept = 1 - torch.linspace(*BETAS, STEPS, dtype=torch.double)
    return torch.cat([torch.ones(1, dtype=torch.double), kept.cumprod(0)])


class Step(NamedTuple):
    """One step of sampling: latents become keep * latents + add * guessed noise.

    Attributes:
        time: how many steps of noise are in the latents before it.
    """

    time: int
    keep: float
    add: float


def ddim_steps(count: int = LATER) -> list[Step]:
    """The steps from noise to latents, without any dice on the way.

    A step takes the guessed noise away, which gives a guess of the clean latents, and adds so much
    of the same noise again as is right for the time after it. Both together are one line.

    Arguments:
        count: steps; a divisor of 1000.

    Raises:
        UsageError: if it is none.

    Reference:
        Denoising Diffusion Implicit Models (Song et al., 2021), equation 12 with sigma = 0
        https://arxiv.org/abs/2010.02502
    """
    if not isinstance(count, int) or not 1 <= count <= STEPS or STEPS % count:
        raise UsageError(f"The steps must divide {STEPS}, as 10, 50 or 200 do; got {count}.")
    shares = signal_shares()
    apart = STEPS // count
    found = []
    for time in range(STEPS, 0, -apart):
        before, after = shares[time], shares[time - apart]
        keep = (after / before).sqrt()
        add = (1 - after).sqrt() - keep * (1 - before).sqrt()
        found.append(Step(time, keep.item(), add.item()))
    return found
