"""t-SNE: maps of latents that keep neighbours together, step by step.

Latents are tensors on the CPU or arrays, [n, z]; points of a map are float32 arrays, [n, 2 or 3].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError, check_range, needs
from .embedding import Numbers, Points, pca, table_of

DIMS = (2, 3)  # of a map
SMALL = 1e-4  # standard deviation of a first map; from a larger one t-SNE unfolds badly
LEAST_POINTS = 7  # for the least perplexity
LEAST_RATE = 200.0  # of learning; scikit-learn writes 50, because its gradient is 4 times larger


@dataclass(frozen=True)
class TsneSettings:
    """The settings of t-SNE. Checked when made.

    Attributes:
        perplexity: about how many neighbours each point keeps near; under a third of the points.
        iterations: steps after the early ones.
        exaggeration: how much more strongly neighbours attract in the early steps.
        early_iterations: steps before that, in which the clusters form.
        seed: of the little noise that keeps equal latents apart.
        dims: of the map, 2 or 3.

    Raises:
        UsageError: if a setting is out of range.

    Reference:
        Visualizing Data using t-SNE (van der Maaten & Hinton, 2008)
        https://jmlr.org/papers/v9/vandermaaten08a.html
    """

    perplexity: float = 30.0
    iterations: int = 500
    exaggeration: float = 12.0
    early_iterations: int = 250
    seed: int = 0
    dims: int = 2

    def __post_init__(self) -> None:
        check_range("perplexity", self.perplexity, 2, 100)
        check_range("iterations", self.iterations, 0, 10_000, whole=True)
        check_range("exaggeration", self.exaggeration, 1, 100)
        check_range("early_iterations", self.early_iterations, 0, 10_000, whole=True)
        check_range("seed", self.seed, 0, 2**32 - 1, whole=True)
        check_range("dims", self.dims, *DIMS, whole=True)


def perplexity_for(count: int) -> float:
    """The usual perplexity, or the largest whole one that so many points allow."""
    return float(min(TsneSettings.perplexity, (count - 1) // 3))


class Frame(NamedTuple):
    """A map while t-SNE works on it.

    Attributes:
        iteration: steps so far, the early ones included.
        points: the map, [n, dims].
        kl: KL(P || Q) in nats, without exaggeration even while the steps are exaggerated. Q's
            normaliser is approximated as in the gradient, which moves it by up to 1%.
        done: True of the last one.
    """

    iteration: int
    points: Points
    kl: float
    done: bool


def tsne(
    latents: Numbers, settings: TsneSettings, every: int = 25, threads: int = 1
) -> Iterator[Frame]:
    """The map of the latents as it unfolds: its first frame, then one after every `every` steps.

    The caller is in charge: nothing is computed until the next frame is asked for, and who stops
    asking stops the work. The first frame is the two or three principal components, made small.
    One seed gives one map, whatever `every` and `threads` are.

    The forces are those of Barnes and Hut, as openTSNE computes them. The learning rate is
    n / exaggeration but at least 200, as in scikit-learn, whose maps end within 2% of this KL.

    Arguments:
        threads: two are 1.7 times as fast as one on two idle cores, but two to seven times as
            slow when others need the cores, because they wait for each other at every step.

    Raises:
        UsageError: if the latents are no table of finite numbers, or too few for the perplexity.

    Example:
        >>> latents = np.random.default_rng(0).normal(size=(60, 5))
        >>> settings = TsneSettings(perplexity=5, iterations=20, early_iterations=10)
        >>> [frame.iteration for frame in tsne(latents, settings, every=10)]
        [0, 10, 20, 30]

    Reference:
        openTSNE: A Modular Python Library for t-SNE (Poličar, Stražar & Zupan, 2024)
        https://doi.org/10.18637/jss.v109.i03
        Automated Optimized Parameters for T-distributed Stochastic Neighbor Embedding Improve
        Visualization and Analysis of Large Datasets (Belkina et al., 2019)
        https://doi.org/10.1038/s41467-019-13055-y
    """
    table = table_of(latents)
    check_range("every", every, 1, 10_000, whole=True)
    check_range("threads", threads, 1, 256, whole=True)
    check_range("the number of points", len(table), LEAST_POINTS, inf)
    if settings.perplexity >= len(table) / 3:
        raise UsageError(
            f"A perplexity of {settings.perplexity:g} needs more than {3 * settings.perplexity:g} "
            f"points; got {len(table)}. Lower the perplexity below {len(table) / 3:.3g}, or take more "
            "points."
        )
    return _frames(table, settings, every, threads)


def _frames(
    table: NDArray[np.float32], settings: TsneSettings, every: int, threads: int
) -> Iterator[Frame]:
    with needs("openTSNE", "t-SNE"):
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PerplexityBasedNN

    affinities: Any = PerplexityBasedNN(
        table,
        settings.perplexity,  # pyright: ignore[reportArgumentType]
        method="exact",
        n_jobs=threads,
    )
    weights = affinities.P.data.copy()
    embedding = TSNEEmbedding(
        _first_map(table, settings),
        affinities,
        negative_gradient_method="bh",
        learning_rate=max(len(table) / settings.exaggeration, LEAST_RATE),
        n_jobs=threads,
    )

    def step(count: int, exaggeration: float, momentum: float) -> None:
        embedding.optimize(count, inplace=True, exaggeration=exaggeration, momentum=momentum)
        # Exaggerated and back again they are not quite the same, and small differences grow.
        affinities.P.data[:] = weights

    total = settings.early_iterations + settings.iterations
    at = 0
    for stop in [*range(0, total, every), total]:
        early = max(0, min(stop, settings.early_iterations) - at)
        if early:
            step(early, settings.exaggeration, momentum=0.5)
        # With no step left to take this only evaluates the map.
        step(stop - at - early, 1.0, momentum=0.8)
        at = stop
        points = np.array(embedding, dtype=np.float32)
        yield Frame(at, points, float(embedding.kl_divergence), done=at == total)


def _first_map(table: NDArray[np.float32], settings: TsneSettings) -> NDArray[np.float64]:
    noise = np.random.default_rng(settings.seed).normal(size=(len(table), settings.dims))
    points = pca(table, settings.dims).astype(np.float64)
    spread = points[:, 0].std()
    if spread == 0:  # all latents are the same, as those of a collapsed model
        return SMALL * noise
    return SMALL * (points / spread + 0.01 * noise)
