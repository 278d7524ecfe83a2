"""Ways from latents to latents: straight and spherical paths, tours, traversals, arithmetic."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..errors import check_name, check_range
from ..types import Images, Latents
from .planes import (
    MOST,
    evenly_spaced,
)


def straight(start: Tensor, end: Tensor, shares: Tensor) -> Latents:
    """The straight line from `start` to `end`, at these shares of the way."""
    return torch.lerp(start, end, shares[:, None])


def spherical(start: Tensor, end: Tensor, shares: Tensor) -> Latents:
    """An arc about the origin: the direction turns evenly, and the length changes evenly.

    In a space of many numbers a straight line between two samples of the prior passes nearer the
    origin than almost any sample lies; the arc does not. Between latents of one length it is the
    formula of the reference. Between others that formula swings out, from lengths 1 and 2 at 170
    degrees to beyond 5, and this one stays between the two.

    Opposite latents are joined by a half circle through the axis that they have least of. Zero has
    no direction, and a latent space of one dimension no circles: there it is a straight line.

    Reference:
        Sampling Generative Networks (White, 2016), section 2.1, https://arxiv.org/abs/1609.04468
    """
    one, two = start.double(), end.double()
    from_length, to_length = one.norm(), two.norm()
    if len(start) == 1 or from_length == 0 or to_length == 0:
        return straight(start, end, shares)
    ahead, goal = one / from_length, two / to_length
    aside = goal - (goal @ ahead) * ahead  # at right angles to `ahead`, in the plane of both
    angle = torch.atan2(aside.norm(), goal @ ahead)
    if aside.norm() < 1e-7:  # the same direction, or the opposite one
        axis = torch.eye(len(start)).to(one)[ahead.abs().argmin()]
        aside = axis - (axis @ ahead) * ahead
    turn = shares.double()[:, None] * angle
    directions = turn.cos() * ahead + turn.sin() * aside / aside.norm()
    lengths = torch.lerp(from_length, to_length, shares.double()[:, None])
    return (lengths * directions).to(start)


PATHS: dict[str, Callable[[Tensor, Tensor, Tensor], Latents]] = {
    "straight": straight,
    "spherical": spherical,
}


@torch.inference_mode()
def interpolate(start: Tensor, end: Tensor, frames: int, path: str = "straight") -> Latents:
    """Latents from `start` to `end`, [z] each, both included: [frames, z].

    Arguments:
        path: a name in `PATHS`.

    Example:
        >>> start, end = torch.tensor([[2.0, 0.0], [0.0, 2.0]])
        >>> interpolate(start, end, frames=3)
        tensor([[2., 0.],
                [1., 1.],
                [0., 2.]])
        >>> turned = interpolate(start, end, frames=3, path="spherical")
        >>> [round(length, 3) for length in turned.norm(dim=1).tolist()]  # all as long as the ends
        [2.0, 2.0, 2.0]
    """
    check_name("path", path, PATHS)
    return PATHS[path](start, end, evenly_spaced(0, 1, frames).to(start))


@torch.inference_mode()
def tour(stops: Latents, frames: int, path: str = "straight") -> Latents:
    """A path from each stop, [s, z], to the next and back to the first: [s * frames, z].

    Each stop is there once, at frames 0, `frames`, 2 * `frames` and so on, and the last frame is
    one step before the first: played in a loop, it never halts.
    """
    check_range("frames", frames, 1, MOST, whole=True)
    check_range("the number of stops", len(stops), 1, MOST, whole=True)
    legs = zip(stops, stops.roll(-1, dims=0), strict=True)
    return torch.cat([interpolate(start, end, frames + 1, path)[:-1] for start, end in legs])


@torch.inference_mode()
def crossfade(start_images: Images, end_images: Images, frames: int) -> Images:
    """One picture fading into another, pixel by pixel: what `interpolate` is compared with.

    Arguments:
        start_images: one picture, [c, h, w] or [1, c, h, w]; so is `end_images`.
    """
    shares = evenly_spaced(0, 1, frames).to(start_images)
    return torch.lerp(start_images, end_images, shares[:, None, None, None])


@torch.inference_mode()
def traverse(latents: Tensor, latent: int, values: Tensor) -> Latents:
    """The latents, [z], with one of them replaced by each of `values`, [v]: [v, z].

    Example:
        >>> traverse(torch.zeros(3), 1, torch.tensor([-1.0, 1.0]))
        tensor([[ 0., -1.,  0.],
                [ 0.,  1.,  0.]])
    """
    check_range("latent", latent, 0, len(latents) - 1, whole=True)
    traversed = latents.repeat(len(values), 1)
    traversed[:, latent] = values
    return traversed


@torch.inference_mode()
def arithmetic(a: Tensor, b: Tensor, c: Tensor) -> Latents:
    """a - b + c: what takes b to a, done to c. Each is [z] or [b, z]."""
    return a - b + c
