"""How unlike any digit a picture is: its distance from real digits, as the digit classifier sees them.

The classifier alone is no measure: it has no class for "not a digit", and is sure of double
exposures too. Nor is the distance between pixels: a blurred double exposure lies nearer to real
digits than many of them lie to each other. What tells them apart is the last layer before the
classes, where a picture of two digits at once is like none that was ever seen.

Reference:
    Out-of-distribution Detection with Deep Nearest Neighbors (Sun et al., 2022)
    https://arxiv.org/abs/2204.06507
"""

import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..errors import UsageError
from ..files import check_fetched, write_atomically
from ..types import Bytes, Images, PerImage, to_floats
from .classifier import features as classifier_features

KNOWN = 2000  # held-out digits that a picture is compared with: the first ones
K = 5  # of them, the nearest
WITHIN = 0.9  # the share of other held-out digits that count as digits
LEVELS = 255  # of a feature
PART = 500  # images at once


class Likeness(NamedTuple):
    """What the classifier sees of held-out digits, and how far other digits are from them.

    Attributes:
        features: [n, f], whole numbers from 0 to 255.
        scale: what a feature of 1 stands for; lengths are then about 1.
        limit: the distance within which nine of ten other held-out digits are: see `measured`.
    """

    features: Bytes
    scale: float
    limit: float


@torch.inference_mode()
def features(classifier: nn.Sequential, images: Images) -> Tensor:
    """What the classifier's last layer but one puts out, [b, f]; each image's has length 1.

    Example:
        >>> from vae_core.evaluation.classifier import network
        >>> seen = features(network(), torch.rand(3, 1, 28, 28))
        >>> seen.shape, torch.allclose(seen.norm(dim=1), torch.ones(3))
        (torch.Size([3, 128]), True)
    """
    return F.normalize(classifier_features(classifier, images), dim=1)


@torch.inference_mode()
def distances(classifier: nn.Sequential, images: Images, likeness: Likeness) -> PerImage:
    """How unlike any digit each image is, [b]: the mean distance from its 5 nearest digits.

    0 is one of them; about 1.4 is as far as two pictures can be that share nothing. Up to
    `likeness.limit` a picture counts as a digit.
    """
    known = likeness.features.float() * likeness.scale
    parts = features(classifier, images).split(PART)
    near = [
        torch.cdist(part, known, compute_mode="donot_use_mm_for_euclid_dist")
        .topk(min(K, len(known)), largest=False)
        .values.mean(dim=1)
        for part in parts
    ]
    return torch.cat(near)


def measured(classifier: nn.Sequential, images: Bytes) -> Likeness:
    """The likeness of held-out digits; the images must be more than the 2,000 that are kept.

    The limit is measured, not chosen: the distance within which nine of ten of the images lie that
    are not kept. Of MNIST's test images it is 0.44. Reconstructions by models of two
    numbers, blurred as they are, pass it as often as real digits do (95 to 97 %), and one in four
    pixelwise means of two digits of different classes, such as of a four and a nine, passes too.

    Raises:
        UsageError: if there are too few images.
    """
    if len(images) <= KNOWN:
        raise UsageError(f"To say what a digit is takes more than {KNOWN:,} digits; got {len(images):,}.")  # fmt: skip
    known = features(classifier, to_floats(images[:KNOWN]))
    scale = known.max().item() / LEVELS
    kept = Likeness((known / scale).round().byte(), scale, 0.0)
    others = distances(classifier, to_floats(images[KNOWN:]), kept)
    return kept._replace(limit=others.quantile(WITHIN).item())


def save_likeness(path: Path, likeness: Likeness) -> None:
    """Writes all of it to `path`, or nothing."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        features=likeness.features.numpy(),
        scale=likeness.scale,
        limit=likeness.limit,
    )
    write_atomically(path, file.getvalue())


def load_likeness(path: Path) -> Likeness:
    """The likeness in `path`.

    Raises:
        UsageError: if the file is missing, not fetched or damaged.
    """
    check_fetched(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            seen = torch.from_numpy(file["features"].astype(np.uint8, casting="safe"))
            scale, limit = (float(file[name]) for name in ("scale", "limit"))
        if seen.ndim != 2 or not len(seen) or not np.isfinite([scale, limit]).all():
            raise ValueError("numbers that say nothing")
    except Exception as error:  # as in checkpoints.load_checkpoint
        raise UsageError(
            f"What digits look like, {path}, is missing or damaged. Delete it, and "
            "`python -m vae_core evaluate` measures it again."
        ) from error
    return Likeness(seen, scale, limit)
