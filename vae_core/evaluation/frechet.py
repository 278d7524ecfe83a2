"""The Frechet distance: how far the pictures of a model are, as a whole, from real ones.

Of each set of pictures a classifier's features are taken, and a Gaussian is fitted to them. Their
distance counts what is missing and what is too much, where a look at single samples cannot.

Reference:
    GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium
    (Heusel et al., 2017), https://arxiv.org/abs/1706.08500, who take the features of Inception.
    Here they are those of the digit classifier, so that the numbers are comparable to each other
    and to nobody else's.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..errors import UsageError
from ..types import Images
from .classifier import features


class Moments(NamedTuple):
    """The Gaussian of a set of features, in double precision.

    Attributes:
        mean: [f].
        covariance: [f, f].
    """

    mean: Tensor
    covariance: Tensor


def moments(rows: Tensor) -> Moments:
    """The mean and the covariance of the rows of [n, f].

    Raises:
        UsageError: if there are fewer than two rows, or one is not finite.
    """
    if rows.ndim != 2 or len(rows) < 2:
        raise UsageError(
            f"A Frechet distance compares sets of at least 2 pictures; got {len(rows)}. Take more."
        )
    if not rows.isfinite().all():
        raise UsageError("These features are not finite. Check the pictures for NaN.")
    return Moments(
        rows.double().mean(dim=0), torch.cov(rows.double().T).reshape(rows.shape[1], -1)
    )


def frechet_distance(one: Moments, other: Moments) -> float:
    """The Frechet distance between two Gaussians, squared as it is always quoted: 0 or more.

    |m - n|^2 + tr(C + D - 2 (C D)^(1/2)) for means m and n and covariances C and D. The trace of the
    root is the sum of the roots of the eigenvalues of C^(1/2) D C^(1/2), which is symmetric, so that
    directions without any spread do no harm.

    Example:
        >>> unit = Moments(torch.zeros(2).double(), torch.eye(2).double())
        >>> wide = Moments(torch.ones(2).double(), 4 * torch.eye(2).double())
        >>> round(frechet_distance(unit, wide), 6)  # 1 + 1, and (2 - 1)^2 twice
        4.0
    """
    values, vectors = torch.linalg.eigh(one.covariance)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    crossed = torch.linalg.eigvalsh(root @ other.covariance @ root).clamp(min=0).sqrt().sum()
    apart = (one.mean - other.mean).square().sum()
    spread = one.covariance.trace() + other.covariance.trace() - 2 * crossed
    return max(0.0, (apart + spread).item())


def picture_moments(classifier: nn.Sequential, images: Images) -> Moments:
    """The Gaussian of what the classifier sees of images, [b, 1, 28, 28] from 0 to 1."""
    return moments(features(classifier, images))
