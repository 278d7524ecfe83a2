"""Planes, ways, samples and neighbours in latent spaces, by the library."""

from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.latent import embedding, interpolation, planes, sampling
from vae_core.models.base import GaussianLatents
from vae_core.models.distributions import DiagonalGaussian
from vae_core.models.quantisers import nearest_of_codebook, nearest_of_lattice

from . import packed
from .linear import SHAPE, linear, weights_of


def drawn(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(shape, generator=Generator().manual_seed(seed))


def spaces() -> dict[str, Any]:
    """Planes, lattices and sheets."""
    model = linear(3, cloud=False)
    a, b, c = drawn(3, 3)
    points = drawn(20, 2, seed=2)
    flat, crossed = planes.plane(a, b, c), planes.axes(a, 2, 0)
    xs, ys = planes.evenly_spaced(-1, 2, 4), planes.evenly_spaced(1.5, -0.5, 3)
    return {
        "model": weights_of(model),
        "corners": [packed(each) for each in (a, b, c)],
        "points": packed(points),
        "through corners": packed(flat.latents(points)),
        "two axes": packed(crossed.latents(points)),
        "even": [
            [low, high, count, packed(planes.evenly_spaced(low, high, count))]
            for low, high, count in ((0, 1, 7), (-2.88, 2.88, 25), (3, -3, 16), (-0.4, 1.4, 65))
        ],
        "quantiles": [
            [mean, sigma, count, packed(mean + planes.quantiles(count, sigma))]
            for mean, sigma, count in ((0, 1, 25), (0.3, 2.5, 64), (-1, 0.1, 2), (0, 1, 1001))
        ],
        "sheet": {
            "xs": packed(xs),
            "ys": packed(ys),
            "tiles": packed(planes.sheet(model, flat, xs, ys)),
        },
    }


def ways() -> dict[str, Any]:
    """Ways between codes that are usual, and between such as have no direction or opposite ones."""
    pairs = {
        "usual": drawn(2, 20),
        "of two": drawn(2, 2),
        "of one": drawn(2, 1),
        "from nothing": torch.stack([torch.zeros(4), drawn(4)]),
        "opposite": torch.stack([drawn(4), -2 * drawn(4)]),
        "the same way": torch.stack([drawn(4), 2 * drawn(4)]),
    }
    stops = drawn(4, 5, seed=4)
    pictures = torch.rand(2, 1, 4, 4, generator=Generator().manual_seed(6))
    added = interpolation.arithmetic(*stops[:3])
    way = [torch.lerp(stops[2], added, step) for step in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return {
        "pairs": {
            name: {
                "ends": [packed(start), packed(end)],
                **{
                    path: packed(interpolation.interpolate(start, end, 9, path))
                    for path in interpolation.PATHS
                },
            }
            for name, (start, end) in pairs.items()
        },
        "stops": [packed(each) for each in stops],
        "tours": {
            path: packed(interpolation.tour(stops, 6, path)) for path in interpolation.PATHS
        },
        "pictures": [packed(each) for each in pictures],
        "crossfade": packed(interpolation.crossfade(pictures[0], pictures[1], 7)),
        "values": packed(planes.evenly_spaced(-3, 3, 5)),
        "traversed": packed(interpolation.traverse(stops[0], 3, planes.evenly_spaced(-3, 3, 5))),
        "sums": packed(torch.stack([stops[0], stops[1], *way])),
    }


def samples() -> dict[str, Any]:
    """Draws from a prior, from a fitted Gaussian and from clouds; what each number is worth."""
    known = drawn(60, 6) @ drawn(6, 6, seed=2) + drawn(6, seed=3)
    known[:, 4] = 0.5  # a number that is dead
    fitted = sampling.fit_gaussian(known)
    model = linear(3, cloud=True)
    assert isinstance(model, GaussianLatents)
    images = torch.rand(8, *SHAPE, generator=Generator().manual_seed(3))
    posterior = model.posterior(images)
    return {
        "prior": [
            [size, count, temperature, seed, packed(_from_prior(size, count, temperature, seed))]
            for size, count, temperature, seed in (
                (2, 5, 1.0, 1),
                (2, 25, 0.7, 3),
                (20, 9, 1.3, 4),
            )
        ],
        "fitted": {"mean": packed(fitted.mean), "factor": packed(fitted.factor)},
        "from fitted": packed(sampling.sample_latents(fitted, 25, 0.8, seed=5)),
        "model": weights_of(model),
        "mean": packed(posterior.mean),
        "log_var": packed(posterior.log_var),
        "std": packed(posterior.std),
        "clouds": {
            str(count): packed(
                DiagonalGaussian(posterior.mean[:count], posterior.log_var[:count]).sample(
                    Generator().manual_seed(7)
                )
            )
            for count in (1, 8)
        },
        "kl": packed(posterior.kl_per_latent()),
    }


def _from_prior(size: int, count: int, temperature: float, seed: int) -> Tensor:
    return sampling.sample_latents(sampling.standard_normal(size), count, temperature, seed)


def neighbours() -> dict[str, Any]:
    """New codes among known ones, one of which is known, and their places on a map."""
    known = drawn(300, 4)
    new = torch.cat([drawn(6, 4, seed=2), known[7:8], drawn(1, 4, seed=3) + 30])
    maps = {str(dims): drawn(300, dims, seed=4 + dims).numpy() * 20 for dims in (2, 3)}
    rows, weights = embedding.nearest(known, new)
    far = np.linalg.norm(known.numpy()[rows].astype(float) - new.numpy()[:, None], axis=2)
    return {
        "known": packed(known),
        "new": [packed(each) for each in new],
        "indices": rows.tolist(),
        "weights": [packed(each) for each in weights],
        "distances": far.tolist(),
        "maps": {
            dims: {
                "points": packed(points),
                "places": [packed(each) for each in embedding.place_on_map(known, points, new)],
            }
            for dims, points in maps.items()
        },
    }


def codes() -> dict[str, Any]:
    """The nearest codes to maps, some of whose numbers are as near to two of them."""
    maps, book = drawn(2, 3, 4, 5), drawn(7, 3, seed=2)
    maps[0, :, 0] = torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0])
    levels = (6, 5, 2)
    return {
        "maps": packed(maps),
        "shape": list(maps.shape[1:]),
        "levels": levels,
        "lattice": packed(nearest_of_lattice(maps, levels)),
        "book": {"shape": list(book.shape), "values": packed(book)},
        "codebook": packed(nearest_of_codebook(maps, book)),
    }
