"""Planes through a latent space, and sheets: lattices of a plane, decoded."""

from math import sqrt
from typing import NamedTuple

import torch
from torch import Tensor

from ..errors import UsageError, check_range
from ..models import Autoencoder
from ..models.inference import decode_to_bytes
from ..models.options import LATENT_DIM
from ..types import Bytes, Latents

MOST = 100_000  # frames, values or samples in one call
HEIGHT = sqrt(3) / 2  # of an equilateral triangle of side 1
ON_A_LINE = 1e-4  # breadth over length; three points in a thinner strip are on one line


class Plane(NamedTuple):
    """A flat piece of a latent space: the point (x, y) is origin + x * right + y * up."""

    origin: Tensor  # [z]
    right: Tensor  # [z]
    up: Tensor  # [z]

    @torch.inference_mode()
    def latents(self, points: Tensor) -> Latents:
        """The latents at these points, [n, 2] -> [n, z]."""
        return self.origin + points @ torch.stack([self.right, self.up])

    @torch.inference_mode()
    def points(self, latents: Latents) -> Tensor:
        """The point of the plane nearest to each of these latents, [n, z] -> [n, 2]."""
        sides = torch.stack([self.right, self.up])  # [2, z]
        return (latents - self.origin) @ torch.linalg.pinv(sides)


def whole(latent_dim: int = 2) -> Plane:
    """A two-dimensional latent space as it is: x is the first latent and y the second.

    With more than two it is the plane on which the others are 0.
    """
    check_range("latent_dim", latent_dim, 2, LATENT_DIM.high, whole=True)
    return axes(torch.zeros(latent_dim), 0, 1)


@torch.inference_mode()
def axes(latents: Tensor, first: int, second: int) -> Plane:
    """The plane through `latents`, [z], on which only two of them change.

    x and y are the values of these two, whatever they are in `latents`.

    Raises:
        UsageError: if there are no such latents, or they are one and the same.
    """
    check_range("first", first, 0, len(latents) - 1, whole=True)
    check_range("second", second, 0, len(latents) - 1, whole=True)
    if first == second:
        raise UsageError(f"A plane needs two different latents; got {first} twice.")
    unit = torch.eye(len(latents)).to(latents)
    origin = latents * (1 - unit[first] - unit[second])
    return Plane(origin, unit[first], unit[second])


@torch.inference_mode()
def plane(a: Tensor, b: Tensor, c: Tensor) -> Plane:
    """The plane through three points, [z] each, laid out so that they are equally far apart.

    They sit at (0, 0), (1, 0) and (1/2, √3/2), the corners of an equilateral triangle of side 1.

    Raises:
        UsageError: if the three lie on one line.

    Example:
        >>> a, b, c = torch.eye(3)
        >>> flat = plane(a, b, c)
        >>> torch.allclose(flat.latents(torch.tensor([[0.0, 0.0], [1.0, 0.0]])), torch.stack([a, b]))
        True
    """
    extents = torch.linalg.svdvals(torch.stack([b - a, c - a])).tolist()
    length, breadth = [*extents, 0.0][:2]  # a latent space of one number has no breadth
    if not breadth > ON_A_LINE * length:
        raise UsageError(
            "These three codes lie on one line, and many planes pass through a line. Choose three "
            "pictures that are less alike."
        )
    return Plane(a, b - a, (c - (a + b) / 2) / HEIGHT)


def evenly_spaced(low: float, high: float, count: int) -> Tensor:
    """`count` evenly spaced values, both ends among them, [count]; falling if low > high."""
    check_range("count", count, 2, MOST, whole=True)
    return torch.linspace(low, high, count)


def quantiles(count: int, sigma: float = 1.0) -> Tensor:
    """`count` values between which N(0, sigma²) has equal shares, rising, [count].

    They are the quantiles at (i + 1/2) / count, so on a lattice of them each tile stands for an
    equal share of the prior.
    """
    check_range("count", count, 1, MOST, whole=True)
    check_range("sigma", sigma, 0, 100)
    shares = (torch.arange(count, dtype=torch.double) + 0.5) / count
    return (sigma * torch.special.ndtri(shares)).float()


@torch.inference_mode()
def sheet(model: Autoencoder, plane: Plane, xs: Tensor, ys: Tensor) -> Bytes:
    """A lattice of a plane, decoded: [len(ys), len(xs), c, h, w].

    Row 0 is at ys[0]: let `ys` fall, and up in the picture is up in the plane.

    Example:
        >>> from vae_core.models import build, specify
        >>> model = build(specify("vae", latent_dim=2))
        >>> xs, ys = evenly_spaced(-3, 3, 7), evenly_spaced(3, -3, 5)
        >>> sheet(model, whole(), xs, ys).shape
        torch.Size([5, 7, 1, 28, 28])
    """
    y, x = torch.meshgrid(ys, xs, indexing="ij")
    points = torch.stack([x.flatten(), y.flatten()], dim=1)
    return decode_to_bytes(model, plane.latents(points)).unflatten(0, (len(ys), len(xs)))
