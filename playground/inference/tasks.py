"""Models whose target is not their input: a digit coloured, and found in front of a background."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.data.clutter import clutter
from vae_core.data.tasks import stroke
from vae_core.evaluation.classifier import class_probabilities
from vae_core.evaluation.task_metrics import (
    colour_of,
    intersection_over_union,
    ious_by_threshold,
    levels,
    mask_of,
    mixture,
    nearest,
)
from vae_core.types import to_bytes

from ..store.models import Store
from .images import as_images, as_pictures

COLOURER, SEGMENTER = "colour", "segment"  # among the models of the Learn tab


class Coloured(NamedTuple):
    """A digit in the colour that a model gives it.

    Attributes:
        picture: [h, w, 3], red, green and blue from 0 to 255.
        colour: [3], the one colour of all of it.
        nearest: the class whose colour is nearest.
        classes: [3], those that the digit looks like most.
        shares: [3], in which their colours mix to the digit's.
    """

    picture: NDArray[np.uint8]
    colour: NDArray[np.uint8]
    nearest: int
    classes: NDArray[np.int64]
    shares: NDArray[np.float32]


class Segmented(NamedTuple):
    """A digit found in front of clutter; all pictures are [h, w], black 0 to white 255.

    Attributes:
        seen: the digit over clutter.
        certainty: how sure the model is of each pixel that it is stroke.
        truth: the true stroke.
        mask: the stroke by the model.
        by_threshold: the stroke by the threshold that suits this picture best.
        iou: of the model, intersection over union.
        level: of that threshold, 0 to 1.
        level_iou: of that threshold.
    """

    seen: NDArray[np.uint8]
    certainty: NDArray[np.uint8]
    truth: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    by_threshold: NDArray[np.uint8]
    iou: float
    level: float
    level_iou: float


@torch.inference_mode()
def coloured(digit: NDArray[np.uint8], store: Store) -> Coloured:
    """The digit, [h, w], in the colours of the classes that a model takes it for.

    Raises:
        UsageError: if that model is missing or damaged.
    """
    image = as_images(digit[None])
    painted = store.experiment(COLOURER).model.reconstruct(image)
    colours = colour_of(painted, image)
    classifier = store.classifier()
    likely = (
        class_probabilities(classifier, image).topk(3, dim=1).indices
        if classifier
        else nearest(colours, 3)
    )
    return Coloured(
        to_bytes(painted[0].permute(1, 2, 0)).numpy(),
        to_bytes(colours[0]).numpy(),
        int(nearest(colours).item()),
        likely[0].numpy(),
        mixture(colours, likely)[0].numpy(),
    )


@torch.inference_mode()
def segmented(digit: NDArray[np.uint8], strength: float, seed: int, store: Store) -> Segmented:
    """The digit, [h, w], over clutter, found by a model and by the best threshold.

    Raises:
        UsageError: if that model is missing or damaged.
    """
    image = as_images(digit[None])
    seen = clutter(image, strength, torch.Generator().manual_seed(seed))
    certainty = store.experiment(SEGMENTER).model.reconstruct(seen)
    mask, truth = mask_of(certainty), stroke(image).bool()
    by_threshold = ious_by_threshold(seen, truth)[0]
    best = int(by_threshold.argmax())
    level = levels()[best]
    pictures = torch.cat([seen, certainty, truth.float(), mask.float(), (seen >= level).float()])
    return Segmented(
        *as_pictures(pictures),
        iou=intersection_over_union(mask, truth).item(),
        level=level.item(),
        level_iou=by_threshold[best].item(),
    )
