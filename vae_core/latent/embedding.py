"""Maps of latents by principal components, new places on a map, and how good a map is.

Latents are tensors on the CPU or arrays, [n, z]; points of a map are float32 arrays, [n, 2 or 3].
"""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ..errors import UsageError, check_range

Numbers: TypeAlias = Tensor | NDArray[Any]
Points: TypeAlias = NDArray[np.float32]  # [n, 2] or [n, 3]

SETTLING = 20  # steps of `place_on_map`; more move no point visibly


def pca(latents: Numbers, dims: int = 2) -> Points:
    """The latents along their first principal components, [n, dims], most variance first.

    The sign of a component is such that its largest loading is positive, so that the picture is
    the same every time. Columns beyond the latents' own number are 0.

    Example:
        >>> pca(np.array([[0.0, 3.0], [0.0, 5.0], [0.0, 7.0]]), dims=1)
        array([[-2.],
               [ 0.],
               [ 2.]], dtype=float32)
    """
    from sklearn.decomposition import PCA

    table = table_of(latents)
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
    latents: Numbers, new: Numbers, k: int = 5
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The rows of the k latents nearest to each new one, nearest first, and their weights: [m, k].

    The distance is Euclidean. A weight is 1 / distance², and a row of them adds to 1; where a new
    one coincides with known ones, those share all the weight.

    Reference:
        A Two-Dimensional Interpolation Function for Irregularly-Spaced Data (Shepard, 1968)
        https://doi.org/10.1145/800186.810616
    """
    from sklearn.neighbors import NearestNeighbors

    known, fresh = table_of(latents), table_of(new)
    check_range("k", k, 1, len(known), whole=True)
    if known.shape[1] != fresh.shape[1]:
        raise UsageError(
            f"The new codes have {fresh.shape[1]} numbers and the known ones {known.shape[1]}. "
            "Encode them with the same model."
        )
    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(known)
    rows = search.kneighbors(fresh, return_distance=False)
    # The search rounds; its distance from a point to itself is not quite 0.
    far = np.square(known[rows].astype(np.float64) - fresh[:, None]).sum(axis=2)
    order = far.argsort(axis=1, kind="stable")
    rows, far = (np.take_along_axis(each, order, axis=1) for each in (rows, far))
    least = far[:, :1]
    weights = np.where(least == 0, far == 0, least / np.where(far == 0, 1, far))
    return rows, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def place_on_map(latents: Numbers, points: Points, new: Numbers, k: int = 5) -> Points:
    """The places of new latents on a finished map of `latents`: [m, dims].

    This is interpolation, not t-SNE: each goes to the middle of its nearest neighbours' places,
    the point whose weighted distances to them have the smallest sum. Latents of the map fall on
    their own place. The weighted mean would fall into the empty space between two clusters that share
    the neighbours; of 1,000 new digits among 5,000 on the map of `vae-20`, it puts 81% next to
    their own class, this one 89%, and openTSNE's slower `transform` 90%.

    Example:
        >>> latents = np.array([[0.0], [1.0], [2.0]])
        >>> points = np.array([[0, 0], [10, 0], [20, 0]], np.float32)
        >>> place_on_map(latents, points, latents[1:2], k=2).round(3)
        array([[10.,  0.]], dtype=float32)
    """
    rows, weights = nearest(latents, new, k)
    if len(points) != len(latents):
        raise UsageError(f"The map has {len(points)} points, and there are {len(latents)} codes.")
    places = points[rows].astype(np.float64)  # [m, k, dims]
    softness = 1e-3 * points.std() + 1e-12  # keeps a step finite where it lands on a place
    share = weights[:, :, None].astype(np.float64)
    middle = (share * places).sum(axis=1)
    for _ in range(SETTLING):
        far = np.linalg.norm(places - middle[:, None], axis=2, keepdims=True) + softness
        pull = share / far
        middle = (pull * places).sum(axis=1) / pull.sum(axis=1)
    return middle.astype(np.float32)


def trustworthiness(latents: Numbers, points: Numbers, k: int = 15) -> float:
    """The trust that a point's k neighbours on the map are near among the latents, 0 to 1.

    Reference:
        Neighborhood Preservation in Nonlinear Projection Methods (Venna & Kaski, 2001)
        https://doi.org/10.1007/3-540-44668-0_68
    """
    from sklearn.manifold import trustworthiness as of_maps

    table = table_of(latents)
    check_range("k", k, 1, (len(table) - 1) // 2, whole=True)
    return float(of_maps(table, table_of(points), n_neighbors=k))


class ClassOutliers(NamedTuple):
    """For each point, what its neighbours are."""

    majority: NDArray[np.int64]  # [n], the class that most of them have; the lowest of equals
    disagree: NDArray[np.float32]  # [n], the share of them whose class is not its own


def class_outliers(latents_or_points: Numbers, labels: Numbers, k: int = 15) -> ClassOutliers:
    """The classes around each point, of its k nearest: the 4s among 9s have majority 9."""
    from sklearn.neighbors import NearestNeighbors

    table, own = table_of(latents_or_points), np.asarray(labels).astype(np.int64)
    check_range("k", k, 1, len(table) - 1, whole=True)
    rows = NearestNeighbors(n_neighbors=k).fit(table).kneighbors(return_distance=False)
    theirs = own[rows]  # [n, k]
    votes = np.stack([(theirs == one).sum(axis=1) for one in range(own.max() + 1)], axis=1)
    disagree = (theirs != own[:, None]).mean(axis=1)
    return ClassOutliers(votes.argmax(axis=1), disagree.astype(np.float32))


def map_accuracy(points_or_latents: Numbers, labels: Numbers, k: int = 15) -> float:
    """The share of points most of whose k nearest others are of their class, 0 to 1, in any space."""
    return float(
        (class_outliers(points_or_latents, labels, k).majority == np.asarray(labels)).mean()
    )


def table_of(latents: Numbers) -> NDArray[np.float32]:
    """The latents as rows of float32.

    Raises:
        UsageError: if they are not a table, or a number is infinite or none.
    """
    table = np.ascontiguousarray(latents, dtype=np.float32)
    if table.ndim != 2 or 0 in table.shape:
        raise UsageError(f"Codes are a table of [n, z] numbers; got the shape {table.shape}.")
    if not np.isfinite(table).all():
        raise UsageError("Some codes are not finite numbers. The model that made them is broken.")
    return table
