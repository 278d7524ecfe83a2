"""A mixture of Gaussians as a prior: a Gaussian for each heap of latents.

Reference:
    From Variational to Deterministic Autoencoders (Ghosh et al., 2020), section 4, fit one to the
    latents of a trained model, https://arxiv.org/abs/1903.12436
"""

from math import log, pi
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ...errors import UsageError, check_range
from ...types import Latents, PerImage

MOST = 512  # components
JITTER = 1e-6  # added to each variance, in units of the latents


class Mixture(NamedTuple):
    """Gaussians, each with a share of the draws. With one component it is a Gaussian.

    Attributes:
        weights: [k], the shares, which add to 1.
        means: [k, z].
        factors: [k, z, z], lower triangles; factor @ factor.T is a component's covariance.
    """

    weights: Tensor
    means: Tensor
    factors: Tensor

    @torch.inference_mode()
    def sample(self, count: int, generator: Generator) -> Latents:
        """`count` draws: [count, z]. First the noise is drawn, N(0, I), and then whose it is."""
        check_range("count", count, 1, 1_000_000, whole=True)
        noise = torch.randn(count, self.means.shape[1], generator=generator)
        chosen = torch.searchsorted(self.weights.cumsum(0), torch.rand(count, generator=generator))
        chosen.clamp_(max=len(self.weights) - 1)  # the shares may add to a little less than 1
        return self.means[chosen] + (self.factors[chosen] @ noise[:, :, None]).squeeze(2)

    @torch.inference_mode()
    def log_prob(self, latents: Latents) -> PerImage:
        """log p(z) of each row of latents, in nats: [b]."""
        away = latents[:, None] - self.means  # [b, k, z]
        white = torch.linalg.solve_triangular(self.factors, away.permute(1, 2, 0), upper=False)
        size = latents.shape[1] * log(2 * pi)
        volume = self.factors.diagonal(dim1=1, dim2=2).log().sum(dim=1)  # [k]
        each = -0.5 * (white.square().sum(dim=1) + size) - volume[:, None]  # [k, b]
        return torch.logsumexp(each + self.weights.log()[:, None], dim=0)


def fit_mixture(latents: Latents, components: int, seed: int = 0) -> Mixture:
    """The mixture that expectation maximisation finds for latents, by scikit-learn.

    Arguments:
        latents: [n, z], draws from the posteriors of many images.
        components: each with a covariance of its own.

    Raises:
        UsageError: if there are fewer latents than components, or one is not finite.

    Example:
        >>> heaps = torch.cat([torch.randn(50, 2), torch.randn(50, 2) + 9])
        >>> fit_mixture(heaps, 2).means.shape
        torch.Size([2, 2])
    """
    from sklearn.mixture import GaussianMixture

    check_range("components", components, 1, MOST, whole=True)
    if len(latents) <= components:
        raise UsageError(
            f"A mixture of {components} Gaussians takes more than {components} codes; got "
            f"{len(latents)}. Encode more images, or take fewer components."
        )
    if not latents.isfinite().all():
        raise UsageError("These codes are not finite. Use another model.")
    found = GaussianMixture(components, reg_covar=JITTER, random_state=seed, max_iter=200)
    found.fit(latents.double().numpy())
    factors = torch.linalg.cholesky(torch.from_numpy(found.covariances_))
    weights, means = (torch.from_numpy(each) for each in (found.weights_, found.means_))
    return Mixture(weights.float(), means.float(), factors.float())
