"""Maps of codes, by t-SNE and by principal components, and where a new code falls on one.

Codes are tensors on the CPU or arrays, [n, z]; points of a map are float32 arrays, [n, 2 or 3].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ..errors import UsageError, check_range, needs

Numbers: TypeAlias = Tensor | NDArray[Any]
Points: TypeAlias = NDArray[np.float32]  # [n, 2] or [n, 3]

DIMS = (2, 3)  # of a map
SETTLING = 20  # steps of `place`; more move no point visibly
SMALL = 1e-4  # standard deviation of a first map; from a larger one t-SNE unfolds badly
LEAST_RATE = 200.0  # of learning; scikit-learn writes 50, because its gradient is 4 times larger


@dataclass(frozen=True)
class TsneSettings:
    """How t-SNE runs. Checked when made.

    Attributes:
        perplexity: about how many neighbours each point keeps near; under a third of the points.
        iterations: steps after the early ones.
        exaggeration: how much more strongly neighbours attract in the early steps.
        early_iterations: steps before that, in which the clusters form.
        seed: of the little noise that keeps equal codes apart.
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
    codes: Numbers, settings: TsneSettings, every: int = 25, threads: int = 1
) -> Iterator[Frame]:
    """The map of the codes as it unfolds: its first frame, then one after every `every` steps.

    The caller is in charge: nothing is computed until the next frame is asked for, and who stops
    asking stops the work. The first frame is the two or three principal components, made small.
    One seed gives one map, whatever `every` and `threads` are.

    The forces are those of Barnes and Hut, as openTSNE computes them. The learning rate is
    n / exaggeration but at least 200, as in scikit-learn, whose maps end within 2% of this KL.

    Arguments:
        threads: two are 1.7 times as fast as one on two idle cores, but two to seven times as
            slow when others need the cores, because they wait for each other at every step.

    Raises:
        UsageError: if the codes are no table of finite numbers, or too few for the perplexity.

    Reference:
        openTSNE: A Modular Python Library for t-SNE (Poličar, Stražar & Zupan, 2024)
        https://doi.org/10.18637/jss.v109.i03
        Automated Optimized Parameters for T-distributed Stochastic Neighbor Embedding Improve
        Visualization and Analysis of Large Datasets (Belkina et al., 2019)
        https://doi.org/10.1038/s41467-019-13055-y
    """
    table = _table(codes)
    check_range("every", every, 1, 10_000, whole=True)
    check_range("threads", threads, 1, 256, whole=True)
    if settings.perplexity >= len(table) / 3:
        raise UsageError(
            f"A perplexity of {settings.perplexity:g} needs more than {3 * settings.perplexity:g} "
            f"points; got {len(table)}. Lower the perplexity, or take more points."
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
    if spread == 0:  # all codes are the same, as those of a collapsed model
        return SMALL * noise
    return SMALL * (points / spread + 0.01 * noise)


def pca(codes: Numbers, dims: int = 2) -> Points:
    """The codes along their first principal components, [n, dims], most variance first.

    The sign of a component is such that its largest loading is positive, so that the picture is
    the same every time. Columns beyond the codes' own length are 0.
    """
    from sklearn.decomposition import PCA

    table = _table(codes)
    check_range("dims", dims, 1, 1000, whole=True)
    check_range("the number of codes", len(table), 2, np.inf)
    count = min(dims, *table.shape)
    with np.errstate(invalid="ignore"):  # the share of no variance at all is 0 / 0
        fitted = PCA(count, svd_solver="full").fit(table.astype(np.float64))
    loadings = np.asarray(fitted.components_)  # [count, z]
    largest = np.take_along_axis(loadings, np.abs(loadings).argmax(axis=1)[:, None], axis=1)
    points = (table - fitted.mean_) @ (loadings * np.sign(largest)).T
    return np.pad(points, ((0, 0), (0, dims - count))).astype(np.float32)


def nearest(
    codes: Numbers, new: Numbers, k: int = 5
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k codes nearest to each new one, nearest first, and how much each counts: [m, k] both.

    The distance is Euclidean. A weight is 1 / distance², and a row of them adds to 1; where a new
    code coincides with known ones, those share all the weight.

    Reference:
        A Two-Dimensional Interpolation Function for Irregularly-Spaced Data (Shepard, 1968)
        https://doi.org/10.1145/800186.810616
    """
    from sklearn.neighbors import NearestNeighbors

    known, fresh = _table(codes), _table(new)
    check_range("k", k, 1, len(known), whole=True)
    if known.shape[1] != fresh.shape[1]:
        raise UsageError(
            f"The new codes have {fresh.shape[1]} numbers and the known ones {known.shape[1]}. "
            "Encode them with the same model."
        )
    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(known)
    rows = search.kneighbors(fresh, return_distance=False)
    # The search rounds; its distance from a code to itself is not quite 0.
    far = np.square(known[rows].astype(np.float64) - fresh[:, None]).sum(axis=2)
    order = far.argsort(axis=1, kind="stable")
    rows, far = (np.take_along_axis(each, order, axis=1) for each in (rows, far))
    least = far[:, :1]
    weights = np.where(least == 0, far == 0, least / np.where(far == 0, 1, far))
    return rows, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def place_on_map(codes: Numbers, points: Points, new: Numbers, k: int = 5) -> Points:
    """Where new codes fall on a finished map of `codes`: [m, dims].

    This is interpolation, not t-SNE: each goes to the middle of its nearest codes' places, the
    point whose weighted distances to them have the smallest sum. A code of the map falls on its
    own place. The weighted mean would fall into the empty space between two clusters that share
    the neighbours; of 1,000 new digits among 5,000 on the map of `vae-20`, it puts 81% next to
    their own class, this one 89%, and openTSNE's slower `transform` 90%.
    """
    rows, weights = nearest(codes, new, k)
    if len(points) != len(codes):
        raise UsageError(f"The map has {len(points)} points, and there are {len(codes)} codes.")
    places = points[rows].astype(np.float64)  # [m, k, dims]
    softness = 1e-3 * points.std() + 1e-12  # keeps a step finite where it lands on a place
    share = weights[:, :, None].astype(np.float64)
    middle = (share * places).sum(axis=1)
    for _ in range(SETTLING):
        far = np.linalg.norm(places - middle[:, None], axis=2, keepdims=True) + softness
        pull = share / far
        middle = (pull * places).sum(axis=1) / pull.sum(axis=1)
    return middle.astype(np.float32)


def trustworthiness(codes: Numbers, points: Numbers, k: int = 15) -> float:
    """How far a point's k neighbours on the map can be trusted to be near in codes, 0 to 1.

    Reference:
        Neighborhood Preservation in Nonlinear Projection Methods (Venna & Kaski, 2001)
        https://doi.org/10.1007/3-540-44668-0_68
    """
    from sklearn.manifold import trustworthiness as of_maps

    table = _table(codes)
    check_range("k", k, 1, (len(table) - 1) // 2, whole=True)
    return float(of_maps(table, _table(points), n_neighbors=k))


class ClassOutliers(NamedTuple):
    """For each point, what its neighbours are."""

    majority: NDArray[np.int64]  # [n], the class that most of them have; the lowest of equals
    disagree: NDArray[np.float32]  # [n], the share of them whose class is not its own


def class_outliers(codes_or_points: Numbers, labels: Numbers, k: int = 15) -> ClassOutliers:
    """What each point's k nearest others are: the 4s among 9s are those with majority 9."""
    from sklearn.neighbors import NearestNeighbors

    table, own = _table(codes_or_points), np.asarray(labels).astype(np.int64)
    check_range("k", k, 1, len(table) - 1, whole=True)
    rows = NearestNeighbors(n_neighbors=k).fit(table).kneighbors(return_distance=False)
    theirs = own[rows]  # [n, k]
    votes = np.stack([(theirs == one).sum(axis=1) for one in range(own.max() + 1)], axis=1)
    disagree = (theirs != own[:, None]).mean(axis=1)
    return ClassOutliers(votes.argmax(axis=1), disagree.astype(np.float32))


def map_accuracy(points_or_codes: Numbers, labels: Numbers, k: int = 15) -> float:
    """How often most of a point's k nearest others are of its class, 0 to 1, in any space."""
    return float(
        (class_outliers(points_or_codes, labels, k).majority == np.asarray(labels)).mean()
    )


def _table(codes: Numbers) -> NDArray[np.float32]:
    """The codes as rows of float32.

    Raises:
        UsageError: if they are not a table, or a number is infinite or none.
    """
    table = np.ascontiguousarray(codes, dtype=np.float32)
    if table.ndim != 2 or 0 in table.shape:
        raise UsageError(f"Codes are a table of [n, z] numbers; got the shape {table.shape}.")
    if not np.isfinite(table).all():
        raise UsageError("Some codes are not finite numbers. The model that made them is broken.")
    return table
