"""Measures of colouring and of segmenting, read off a model's pictures image by image."""

from itertools import combinations
from typing import Any

import torch
from torch import Generator, Tensor

from ..data.clutter import clutter
from ..data.tasks import WHITE_FROM, coloured, palette, stroke
from ..models import Autoencoder
from ..models.inference import BATCH, reconstruct
from ..types import Images, PerImage, Pictures, to_floats
from .metrics import psnr_db

LEVELS = 256  # brightnesses that a threshold is tried at
STRENGTHS = (0.25, 0.5, 0.75, 1.0)  # of the clutter that segmenting is measured in


def colouring(model: Autoencoder, test: Pictures, seed: int = 0) -> dict[str, float]:
    """Two numbers for how well a model colours grey digits; nothing is drawn from `seed`.

    `psnr_db` is over all pixels and channels of all images; `nearest_is_right` is the share of
    images whose colour is nearest to that of their class.
    """
    error, right = 0.0, 0
    for images, labels in zip(test.images.split(BATCH), test.labels.split(BATCH), strict=True):
        grey = to_floats(images)
        painted = reconstruct(model, grey)
        error += (painted - coloured(grey, labels)).square().mean(dim=(1, 2, 3)).sum().item()
        right += int((nearest(colour_of(painted, grey))[:, 0] == labels).sum())
    count = len(test.labels)
    return {"psnr_db": round(psnr_db(error / count), 3), "nearest_is_right": right / count}


def segmenting(model: Autoencoder, test: Pictures, seed: int = 0) -> dict[str, Any]:
    """The IoU of the strokes that a model finds, averaged over images, by strength of the clutter.

    Under `clutter` and the strength there are, beside `iou`, that of the model,
    `iou_best_threshold`, of the threshold that suits each image best, and `iou_one_threshold`, of
    the one that suits all of them best.
    """
    found: dict[str, dict[str, float]] = {}
    for strength in STRENGTHS:
        generator = Generator().manual_seed(seed)
        mine, theirs = [], []
        for images in test.images.split(BATCH):
            clean = to_floats(images)
            seen, truth = clutter(clean, strength, generator), stroke(clean).bool()
            mine.append(intersection_over_union(mask_of(reconstruct(model, seen)), truth))
            theirs.append(ious_by_threshold(seen, truth))
        by_threshold = torch.cat(theirs)  # [n, LEVELS]
        numbers = {
            "iou": torch.cat(mine).mean(),
            "iou_best_threshold": by_threshold.amax(dim=1).mean(),
            "iou_one_threshold": by_threshold.mean(dim=0).amax(),
        }
        found[f"{strength:g}"] = {name: round(iou.item(), 5) for name, iou in numbers.items()}
    return {"clutter": found}


MEASURES: dict[str, Any] = {"colour": colouring, "segment": segmenting}


def colour_of(pictures: Images, grey: Images) -> Tensor:
    """The colour by which a grey picture must be multiplied to come nearest to a coloured one.

    Nearest by least squares over its pixels; black if there is nothing to see in the grey one.

    Arguments:
        pictures: [b, 3, h, w].
        grey: [b, 1, h, w].

    Returns:
        [b, 3]: red, green and blue.
    """
    return (pictures * grey).sum(dim=(2, 3)) / grey.square().sum(dim=(2, 3)).clamp(min=1e-6)


def nearest(colours: Tensor, count: int = 1) -> Tensor:
    """The classes whose colours are nearest to each of the colours [b, 3], as [b, count]."""
    return torch.cdist(colours, palette().to(colours)).topk(count, dim=1, largest=False).indices


def mixture(colours: Tensor, among: Tensor) -> Tensor:
    """The mixture of a few classes' colours that is nearest to each of the colours [b, 3].

    The three numbers of a colour cannot tell of ten shares, but of three that add up to 1.

    Arguments:
        among: [b, m], the classes: three at most, all different.

    Returns:
        [b, m], their shares: rows adding to 1, none below 0.
    """
    corners = palette().to(colours)[among]  # [b, m, 3]
    best = colours.new_zeros(among.shape)
    left = colours.new_full((len(colours),), torch.inf)
    # The nearest point of a triangle is the nearest one of its plane, of an edge, or a corner.
    for count in range(1, among.shape[1] + 1):
        for some in map(list, combinations(range(among.shape[1]), count)):
            first, others = (
                corners[:, some[:1]],
                corners[:, some[1:]],
            )  # [b, 1, 3], [b, count - 1, 3]
            rest = (colours[:, None] - first) @ torch.linalg.pinv(others - first)
            shares = torch.cat([1 - rest.sum(dim=2, keepdim=True), rest], dim=2)  # [b, 1, count]
            away = (shares @ corners[:, some] - colours[:, None]).norm(dim=2)[:, 0]
            better = (shares >= 0).all(dim=2)[:, 0] & (away < left)
            left = torch.where(better, away, left)
            found = torch.zeros_like(best).index_copy(1, torch.tensor(some), shares[:, 0])
            best = torch.where(better[:, None], found, best)
    return best


def intersection_over_union(found: Tensor, truth: Tensor) -> PerImage:
    """Pixels in both masks over pixels in either, [b], from 0 to 1; 1 if both are empty.

    Arguments:
        found: [b, 1, h, w], as bool.
        truth: the same, or one for all.

    Reference:
        The Distribution of the Flora in the Alpine Zone (Jaccard, 1912)
        https://doi.org/10.1111/j.1469-8137.1912.tb05611.x
    """
    both = (found & truth).flatten(1).sum(dim=1)
    either = (found | truth).flatten(1).sum(dim=1)
    return torch.where(either > 0, both / either.clamp(min=1), 1.0)


def mask_of(pictures: Images) -> Tensor:
    """The pixels that a segmenting model holds for stroke rather than for background, as bool."""
    return pictures >= WHITE_FROM


def ious_by_threshold(pictures: Images, truth: Tensor) -> Tensor:
    """The IoU of plain thresholding: of the pixels from each of `levels()` on, [b, LEVELS].

    The largest of a row is the best that any threshold can do for that image, for those who know
    the answer.
    """
    step = torch.bucketize(pictures.flatten(1), levels(), right=True) - 1  # the last level reached
    inside = truth.flatten(1).float().expand(step.shape)
    both, wrong = (_from_each_level_on(step, each) for each in (inside, 1 - inside))
    either = inside.sum(dim=1, keepdim=True) + wrong
    return torch.where(either > 0, both / either.clamp(min=1), 1.0)


def _from_each_level_on(step: Tensor, counted: Tensor) -> Tensor:
    """The number of counted pixels that are as bright as each level or brighter, [b, LEVELS]."""
    at = torch.zeros(len(step), LEVELS).scatter_add_(1, step, counted)
    return at.flip(1).cumsum(dim=1).flip(1)


def levels() -> Tensor:
    """The brightnesses that a threshold is tried at, from black to white."""
    return torch.linspace(0, 1, LEVELS)
