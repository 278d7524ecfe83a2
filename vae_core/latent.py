"""Ways to move through a latent space: planes, sheets, walks, traversals and samples.

No function here changes what it is given, and none knows of a page.
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from .errors import UsageError, check_name, check_range
from .metrics import BATCH
from .models import OPTION_RANGES, Autoencoder, GaussianCode
from .types import Bytes, Codes, Images

DEAD_NATS = 0.01  # per image; a latent that tells less than this is dead
MOST = 100_000  # frames, values or samples in one call
HEIGHT = sqrt(3) / 2  # of an equilateral triangle of side 1
ON_A_LINE = 1e-4  # breadth over length; three codes in a thinner strip are on one line
JITTER = 1e-6  # the share of a variance that is added to it


class Plane(NamedTuple):
    """A flat piece of a latent space: the point (x, y) is origin + x * right + y * up."""

    origin: Tensor  # [z]
    right: Tensor  # [z]
    up: Tensor  # [z]

    @torch.inference_mode()
    def codes(self, points: Tensor) -> Codes:
        """The codes at these points, [n, 2] -> [n, z]."""
        return self.origin + points @ torch.stack([self.right, self.up])

    @torch.inference_mode()
    def points(self, codes: Codes) -> Tensor:
        """The point of the plane nearest to each code, [n, z] -> [n, 2]."""
        sides = torch.stack([self.right, self.up])  # [2, z]
        return (codes - self.origin) @ torch.linalg.pinv(sides)


def whole(latent_dim: int = 2) -> Plane:
    """A latent space of two numbers as it is: x is the first number and y the second.

    With more numbers than two it is the plane on which the others are 0.
    """
    check_range("latent_dim", latent_dim, 2, OPTION_RANGES["latent_dim"][1], whole=True)
    return axes(torch.zeros(latent_dim), 0, 1)


@torch.inference_mode()
def axes(code: Tensor, first: int, second: int) -> Plane:
    """The plane through a code, [z], on which only two of its numbers change.

    x and y are the values of these two numbers, whatever they are in `code`.

    Raises:
        UsageError: if the code has no such numbers, or they are one and the same.
    """
    check_range("first", first, 0, len(code) - 1, whole=True)
    check_range("second", second, 0, len(code) - 1, whole=True)
    if first == second:
        raise UsageError(f"A plane needs two different latents; got {first} twice.")
    unit = torch.eye(len(code)).to(code)
    origin = code * (1 - unit[first] - unit[second])
    return Plane(origin, unit[first], unit[second])


@torch.inference_mode()
def plane(a: Tensor, b: Tensor, c: Tensor) -> Plane:
    """The plane through three codes, [z] each, laid out so that they are equally far apart.

    They sit at (0, 0), (1, 0) and (1/2, √3/2), the corners of an equilateral triangle of side 1.

    Raises:
        UsageError: if the three codes lie on one line.
    """
    extents = torch.linalg.svdvals(torch.stack([b - a, c - a])).tolist()
    length, breadth = [*extents, 0.0][:2]  # a latent space of one number has no breadth
    if not breadth > ON_A_LINE * length:
        raise UsageError(
            "These three codes lie on one line, and many planes pass through a line. Choose three "
            "pictures that are less alike."
        )
    return Plane(a, b - a, (c - (a + b) / 2) / HEIGHT)


@torch.inference_mode()
def barycentric(points: Tensor) -> Tensor:
    """How much of each corner of `plane`'s triangle is in a point, [n, 2] -> [n, 3], adding to 1.

    All three are between 0 and 1 inside the triangle; outside it, one or two are negative.
    """
    x, y = points.unbind(dim=1)
    third = y / HEIGHT
    second = x - third / 2
    return torch.stack([1 - second - third, second, third], dim=1)


def even(low: float, high: float, count: int) -> Tensor:
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
def pictures(model: Autoencoder, codes: Codes) -> Bytes:
    """What the model draws from each code, rounded to 0 to 255, [n, c, h, w].

    Raises:
        UsageError: if a code does not have the model's `latent_dim` numbers.
    """
    if codes.ndim != 2 or codes.shape[1] != model.latent_dim:
        raise UsageError(
            f"Codes of this model have the shape [n, {model.latent_dim}]; got {list(codes.shape)}."
        )
    drawn = [model.decode(part).mul(255).round().byte() for part in codes.split(BATCH)]
    return torch.cat(drawn)


@torch.inference_mode()
def sheet(model: Autoencoder, plane: Plane, xs: Tensor, ys: Tensor) -> Bytes:
    """A lattice of a plane, decoded: [len(ys), len(xs), c, h, w].

    Row 0 is at ys[0]: let `ys` fall, and up in the picture is up in the plane.
    """
    y, x = torch.meshgrid(ys, xs, indexing="ij")
    points = torch.stack([x.flatten(), y.flatten()], dim=1)
    return pictures(model, plane.codes(points)).unflatten(0, (len(ys), len(xs)))


def straight(start: Tensor, end: Tensor, shares: Tensor) -> Codes:
    """The straight line from code to code."""
    return torch.lerp(start, end, shares[:, None])


def spherical(start: Tensor, end: Tensor, shares: Tensor) -> Codes:
    """An arc about the origin: the direction turns evenly, and the length changes evenly.

    In a space of many numbers a straight line between two samples of the prior passes nearer the
    origin than almost any sample lies; the arc does not. Between codes of one length it is the
    formula of the reference. Between others that formula swings out, from lengths 1 and 2 at 170
    degrees to beyond 5, and this one stays between the two.

    Opposite codes are joined by a half circle through the axis that they have least of. A code of
    zero has no direction, and a latent space of one number no circles: there it is a straight line.

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


PATHS: dict[str, Callable[[Tensor, Tensor, Tensor], Codes]] = {
    "straight": straight,
    "spherical": spherical,
}


@torch.inference_mode()
def walk(start: Tensor, end: Tensor, frames: int, path: str = "straight") -> Codes:
    """Codes from `start` to `end`, [z] each, both included: [frames, z].

    Arguments:
        path: a name in `PATHS`.
    """
    check_name("path", path, PATHS)
    return PATHS[path](start, end, even(0, 1, frames).to(start))


@torch.inference_mode()
def tour(stops: Codes, frames: int, path: str = "straight") -> Codes:
    """A walk from each stop, [s, z], to the next and back to the first: [s * frames, z].

    Each stop is there once, at frames 0, `frames`, 2 * `frames` and so on, and the last frame is
    one step before the first: played in a loop, it never halts.
    """
    check_range("frames", frames, 1, MOST, whole=True)
    check_range("the number of stops", len(stops), 1, MOST, whole=True)
    legs = zip(stops, stops.roll(-1, dims=0), strict=True)
    return torch.cat([walk(start, end, frames + 1, path)[:-1] for start, end in legs])


@torch.inference_mode()
def crossfade(start_images: Images, end_images: Images, frames: int) -> Images:
    """One picture fading into another, pixel by pixel: what a walk is compared with.

    Arguments:
        start_images: one picture, [c, h, w] or [1, c, h, w]; so is `end_images`.
    """
    shares = even(0, 1, frames).to(start_images)
    return torch.lerp(start_images, end_images, shares[:, None, None, None])


@torch.inference_mode()
def traverse(code: Tensor, latent: int, values: Tensor) -> Codes:
    """A code, [z], with one of its numbers replaced by each of `values`, [v]: [v, z]."""
    check_range("latent", latent, 0, len(code) - 1, whole=True)
    codes = code.repeat(len(values), 1)
    codes[:, latent] = values
    return codes


@torch.inference_mode()
def effects(model: Autoencoder, code: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """How much the picture changes as each number of a code goes from `low` to `high`, [z].

    The change is the root mean square over pixels, white being 1. It puts the latents of a model
    without a prior in order of importance.

    Arguments:
        code: [z], where the other numbers stay meanwhile.
        low: [z], one per latent, such as a low quantile of many codes; so is `high`.
    """
    each = torch.eye(len(code), dtype=torch.bool, device=code.device)
    ends = [torch.where(each, values, code).split(BATCH) for values in (low, high)]
    pairs = zip(*ends, strict=True)
    changes = [model.decode(one) - model.decode(other) for one, other in pairs]
    return torch.cat(changes).square().mean(dim=(1, 2, 3)).sqrt()


@torch.inference_mode()
def arithmetic(a: Tensor, b: Tensor, c: Tensor) -> Codes:
    """a - b + c: what takes b to a, done to c. Each is [z] or [b, z]."""
    return a - b + c


class CodeGaussian(NamedTuple):
    """What codes are drawn from: mean + factor @ noise, the noise being N(0, I)."""

    mean: Tensor  # [z]
    factor: Tensor  # [z, z], lower triangle; factor @ factor.T is the covariance


def standard(latent_dim: int) -> CodeGaussian:
    """N(0, I), the prior of every Gaussian code."""
    check_range("latent_dim", latent_dim, *OPTION_RANGES["latent_dim"], whole=True)
    return CodeGaussian(torch.zeros(latent_dim), torch.eye(latent_dim))


@torch.inference_mode()
def fitted(codes: Codes) -> CodeGaussian:
    """The Gaussian with the mean and the covariance of these codes: a prior for who has none.

    A millionth of itself is added to each variance, and 1e-12, so that dead latents, and fewer
    codes than numbers, leave a covariance that can be factored. No picture shows it. A sparse
    code is never negative, and samples of its Gaussian are.

    Raises:
        UsageError: if there is no code.
    """
    if len(codes) == 0:
        raise UsageError("There are no codes to fit a Gaussian to. Encode some images first.")
    mean = codes.double().mean(dim=0)
    centred = codes.double() - mean
    covariance = centred.T @ centred / max(1, len(codes) - 1)
    jitter = JITTER * covariance.diagonal() + JITTER**2
    factor = torch.linalg.cholesky(covariance + jitter.diag())
    return CodeGaussian(mean.to(codes), factor.to(codes))


@torch.inference_mode()
def sample(gaussian: CodeGaussian, count: int, temperature: float = 1.0, seed: int = 0) -> Codes:
    """`count` codes drawn from a Gaussian, the same for the same seed: [count, z].

    Arguments:
        temperature: what the noise is multiplied with; 0 gives the mean, and above 1 the codes
            are rarer than the Gaussian's own.
    """
    check_range("count", count, 1, MOST, whole=True)
    check_range("temperature", temperature, 0, 10)
    like = gaussian.mean
    generator = Generator(like.device).manual_seed(seed)
    shape = (count, len(like))
    noise = torch.randn(shape, generator=generator, device=like.device, dtype=like.dtype)
    return gaussian.mean + temperature * noise @ gaussian.factor.T


@torch.inference_mode()
def kl_per_latent(model: GaussianCode, images: Images) -> Tensor:
    """What each latent tells of an image, KL(q(z|x) || p(z)) in nats, averaged over images: [z].

    Their sum is the rate. Below `DEAD_NATS` a latent says next to nothing.
    """
    parts = [model.posterior(part).kl_per_latent() for part in images.split(BATCH)]
    return torch.cat(parts).mean(dim=0)
