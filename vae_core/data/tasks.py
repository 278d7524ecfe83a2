"""Pairs of what goes into a model and what should come out, by name; add yours to `TASKS`.

An autoencoder's target is its input. It need not be: the same network, trained on other pairs,
learns another job. A task is such a way to make pairs from clean, labelled digits.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from ..errors import UsageError
from ..types import Bytes, Images, to_bytes, to_floats
from .clutter import clutter
from .palette import CLASS_COLOURS

ENOUGH = 5000  # images whose targets say well enough what a target is on average
WHITE_FROM = 0.5  # a pixel of a digit that is as bright as this belongs to its stroke


class Task(NamedTuple):
    """One kind of pairs of input and target.

    Attributes:
        label: its name for people.
        meaning: what it asks for, in one sentence.
        channels: of a target; None if a target has as many as its input.
        seen: makes inputs of clean digits.
        wanted: makes targets of the same digits and their classes.
    """

    label: str
    meaning: str
    channels: int | None
    seen: Callable[[Images, Generator | None], Images]
    wanted: Callable[[Images, Tensor | None], Images]


def pairs(
    task: str, clean: Images, labels: Tensor | None, generator: Generator | None
) -> tuple[Images, Images]:
    """Inputs and targets, [b, c, h, w] each, of clean digits.

    Arguments:
        labels: [b], the classes; a task that does not ask for them takes None.
        generator: draws whatever is made up; on the device of the digits.

    Raises:
        UsageError: if the task needs the classes, and there are none.

    Example:
        >>> digits = torch.rand(2, 1, 28, 28)
        >>> seen, wanted = pairs("colour", digits, torch.tensor([3, 7]), None)
        >>> seen.shape, wanted.shape
        (torch.Size([2, 1, 28, 28]), torch.Size([2, 3, 28, 28]))
    """
    made = TASKS[task]
    return made.seen(clean, generator), made.wanted(clean, labels)


def targets(task: str, images: Bytes, labels: Tensor | None) -> Bytes:
    """The images that should come out, enough of them to tell the average: [n, c, h, w]."""
    if task == "same":
        return images
    few = None if labels is None else labels[:ENOUGH]
    return to_bytes(TASKS[task].wanted(to_floats(images[:ENOUGH]), few))


def palette() -> Tensor:
    """The colours of the ten classes, [k, 3]: red, green and blue from 0 to 1."""
    return torch.tensor([[*bytes.fromhex(colour[1:])] for colour in CLASS_COLOURS]) / 255


def coloured(images: Images, labels: Tensor | None) -> Images:
    """Grey digits in the colours of their classes: each pixel's grey times the class's colour.

    A grey digit does not hold its colour, so that a network that paints it must recognise the
    digit. Of a drawing between two classes the best guess is a mixture of their two colours.

    Arguments:
        images: [b, 1, h, w].
        labels: [b], from 0 to 9.

    Returns:
        [b, 3, h, w]: red, green, blue.

    Raises:
        UsageError: if there are no labels.
    """
    if labels is None:
        raise UsageError(
            "Colouring needs to know which digit a picture is of. Hand the labels over with the "
            "images."
        )
    return images * palette().to(images.device)[labels].view(-1, 3, 1, 1)


def stroke(images: Images, labels: Tensor | None = None) -> Images:
    """1 for each pixel of the stroke of a clean white-on-black digit, else 0."""
    return (images >= WHITE_FROM).to(images.dtype)


def _cluttered(images: Images, generator: Generator | None) -> Images:
    strength = torch.rand(len(images), generator=generator, device=images.device)
    return clutter(images, strength, generator)


TASKS: dict[str, Task] = {
    "same": Task(
        "Draw it again",
        "The target is the input itself: an autoencoder.",
        None,
        lambda images, generator: images,
        lambda images, labels: images,
    ),
    "colour": Task(
        "Colour it",
        "A grey digit goes in; the target is the same digit in the colour of its class.",
        3,
        lambda images, generator: images,
        coloured,
    ),
    "segment": Task(
        "Find the stroke",
        "A digit in front of a cluttered background goes in; the target is 1 where the stroke is, "
        "and 0 elsewhere.",
        None,
        _cluttered,
        stroke,
    ),
}
