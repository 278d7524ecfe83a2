"""Maps of thousands of digits: made ahead, or by t-SNE on demand; the neighbours of a digit."""

from typing import Any

import numpy as np
from gradio import FileData
from numpy.typing import NDArray

from vae_core.errors import UsageError

from ..inference.embedding import STEPS
from ..live import atlas as maps
from ..live import tsne
from ..query import parse_noise, parse_rest
from ..store import Store
from .endpoint import ask_parts, message
from .files import as_text, digit_of, grid


def atlas(store: Store, model: str, view: str | None = None, digits: int = 500) -> dict[str, Any]:
    """A map of the codes that a model gives to 5,000 test digits, made ahead by t-SNE or PCA.

    Arguments:
        model: a model's name, or "pixels" for the digits themselves.
        view: "tsne", "tsne3", "pca", "pca3" or "code"; by default the most telling that there is.
        digits: how many of them to list, the first of all; 0 for none.

    Returns:
        points and labels, the views there are, and how far the map can be trusted
    """
    if type(digits) is not int or digits < 0:
        raise UsageError(f"digits must be a whole number from 0; got {digits!s:.40}.")
    about, body = ask_parts(maps.atlas, store, {"model": model, "view": view})
    count = about["count"]
    labels = np.frombuffer(body, np.uint8, count)[:digits].tolist()
    points = _points(about, body[2 * count :])[:digits].tolist()
    return {**_without_scale(about), "labels": labels, "points": points}


def atlas_pictures(
    store: Store, model: str, indices: list[int], mean: bool = False, scale: int = 4
) -> tuple[dict[str, int], FileData]:
    """What a model draws from its codes of some digits of the atlas.

    Arguments:
        model: a model's name; /models lists them.
        indices: which digits, counted from 0 in the order of /atlas; up to 512 of them.
        mean: whether to draw the mean of all these pictures instead, then of up to 1,000.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the number of pictures, the side of each in pixels, and a PNG of them in a row
    """
    header = {"model": model, "indices": indices, "mean": mean}
    about, body = ask_parts(maps.points, store, header)
    pictures = np.frombuffer(body, np.uint8).reshape(1, -1, about["side"], about["side"])
    return about, grid(pictures, scale)


def nearest(
    store: Store,
    digit: str,
    model: str,
    noise: str = "gaussian",
    strength: float = 0.0,
    seed: int = 0,
    among: int = 5000,
) -> dict[str, Any]:
    """The five test digits whose codes are nearest to that of a digit, by one model.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        model: a model's name; /models lists them.
        noise: the kind of noise that the model sees; /noises lists them.
        strength: of the noise, from 0 (none) to 1.
        seed: a whole number that the noise is drawn from.
        among: how many digits of the atlas to look through, the first of all.

    Returns:
        labels, indices in the atlas, distances between codes, and weights that add up to 1
    """
    found = digit_of(digit)
    spoilt = parse_noise({"kind": noise, "strength": strength, "seed": seed})
    query = parse_rest({"models": [model], "noise": spoilt._asdict()}, found, store)
    near, noisy = maps.nearest(query, among, store)
    return {**near, "digit": as_text(noisy)}


async def embed(
    store: Store,
    model: str,
    points: int = 500,
    perplexity: float = 30.0,
    iterations: int = 500,
    exaggeration: float = 12.0,
    early_iterations: int = 250,
    dims: int = 2,
    seed: int = 0,
) -> dict[str, Any]:
    """Runs t-SNE on the codes that a model gives to test digits, and waits for the map.

    It takes seconds: about 1 for 500 digits and 20 for 5,000. Two runs go on at a time.

    Arguments:
        model: a model's name, or "pixels" for the digits themselves.
        points: how many digits of the atlas, the first of all, 100 to 5000.
        perplexity: about how many neighbours each digit has, 2 to 100, under a third of points.
        iterations: steps after the early ones, 50 to 2000.
        exaggeration: how much stronger digits attract each other in the early steps, 1 to 32.
        early_iterations: steps with exaggeration, 0 to 500.
        dims: 2 for a flat map, 3 for one in space.
        seed: a whole number that the first places are drawn from.

    Returns:
        points and labels, kl (the cost that is left, in nats), trustworthiness, and kNN accuracies
    """
    header = {
        "atlases": [model],
        "points": points,
        "perplexity": perplexity,
        "iterations": iterations,
        "exaggeration": exaggeration,
        "early_iterations": early_iterations,
        "dims": dims,
        "seed": seed,
    }
    about, body = await tsne.last_frame(message(header), store)
    labels = store.atlas(model).labels[:points].tolist()
    places = _points(about, body[: -len(labels)])
    return {**_without_scale(about), "labels": labels, "points": places.tolist()}


def _points(about: dict[str, Any], body: bytes) -> NDArray[np.float64]:
    """Places as `atlases.quantised` packs them, [n, dims]."""
    steps = np.frombuffer(body, "<u2").reshape(-1, about["dims"])
    return np.array(about["low"]) + steps * (about["extent"] / STEPS)


def _without_scale(about: dict[str, Any]) -> dict[str, Any]:
    hidden = ("dims", "low", "extent", "done", "of", "pixels")
    return {key: fact for key, fact in about.items() if key not in hidden}


ENDPOINTS = (atlas, atlas_pictures, nearest, embed)
