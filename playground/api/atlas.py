"""Maps of thousands of digits: made ahead, or by t-SNE on demand; the neighbours of a digit."""

from typing import Annotated, Any

import numpy as np
from gradio import FileData
from numpy.typing import NDArray
from pydantic import Field

from ..gate.seats import GATE
from ..inference.latent import embedding
from ..inference.latent.requests import AtlasRequest, NearestRequest, PicturesRequest, TsneRequest
from ..inference.quantise import quantise
from ..store.models import Store
from ..wire.request import read
from .files import as_text, digit_of, grid

USUAL_POINTS = 500  # of a map by t-SNE


class ListedAtlasRequest(AtlasRequest):
    """A map, and how many of its digits to list."""

    digits: Annotated[int, Field(ge=0)]


def atlas(store: Store, model: str, view: str | None = None, digits: int = 500) -> dict[str, Any]:
    """A map of the codes that a model gives to 5,000 test digits, made ahead by t-SNE or PCA.

    Arguments:
        model: a model's name, or "pixels" for the digits themselves.
        view: "tsne", "tsne3", "pca", "pca3" or "code"; by default the most telling that there is.
        digits: how many of them to list, the first of all; 0 for none.

    Returns:
        points and labels, the views there are, and how far the map can be trusted
    """
    header = {"model": model, "view": view, "digits": digits}
    asked = read(ListedAtlasRequest, header, store)
    found = store.atlas(asked.model)
    views = embedding.views_of(found)
    view = views[0] if asked.view is None else asked.view
    shown = embedding.map_of(store, asked.model, view)
    return {
        "model": asked.model,
        "view": view,
        "views": views,
        "count": len(found.labels),
        "code": found.latents.shape[1],
        "k": embedding.neighbourhood(len(found.labels)),
        **shown.numbers,
        **_listed(shown, found.labels, asked.digits),
    }


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
    asked = read(PicturesRequest, header, store)
    drawn = embedding.pictures_of(store, asked.model, asked.indices)
    if asked.mean:
        drawn = embedding.mean_of(drawn)
    return {"side": drawn.shape[1], "count": len(drawn)}, grid(drawn[None], scale)


def nearest(
    store: Store,
    digit: str,
    model: str,
    noise: str = "gaussian",
    strength: float = 0.0,
    seed: int = 0,
    among: int | None = None,
) -> dict[str, Any]:
    """The five test digits whose codes are nearest to that of a digit, by one model.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        model: a model's name; /models lists them.
        noise: the kind of noise that the model sees; /noises lists them.
        strength: of the noise, from 0 (none) to 1.
        seed: a whole number that the noise is drawn from.
        among: how many digits of the atlas to look through, the first of all; by default all.

    Returns:
        labels, indices in the atlas, distances between codes, and weights that add up to 1
    """
    found = digit_of(digit)
    spoilt = {"kind": noise, "strength": strength, "seed": seed}
    asked = read(NearestRequest, {"model": model, "noise": spoilt, "points": among}, store)
    near = embedding.nearest(store, asked.model, found, asked.noise.plain(), asked.points)
    return {
        "model": asked.model,
        "labels": near.labels.tolist(),
        "indices": near.indices.tolist(),
        "weights": near.weights.tolist(),
        "distances": near.distances.tolist(),
        "digit": as_text(near.noisy),
    }


async def embed(
    store: Store,
    model: str,
    points: int | None = None,
    perplexity: float | None = None,
    iterations: int = 500,
    exaggeration: float = 12.0,
    early_iterations: int = 250,
    dims: int = 2,
    seed: int = 0,
) -> dict[str, Any]:
    """Runs t-SNE on the codes that a model gives to test digits, and waits for the map.

    It takes seconds: about 1 for 500 digits and 20 for 5,000.

    Arguments:
        model: a model's name, or "pixels" for the digits themselves.
        points: how many digits of the atlas, the first of all, 10 to 5000; by default 500, or all.
        perplexity: about how many neighbours each digit has, 2 to 100, under a third of points; by
            default 30, or as many as there may be.
        iterations: steps after the early ones, 50 to 2000.
        exaggeration: how much stronger digits attract each other in the early steps, 1 to 32.
        early_iterations: steps with exaggeration, 0 to 500.
        dims: 2 for a flat map, 3 for one in space.
        seed: a whole number that the first places are drawn from.

    Returns:
        points and labels, kl (the cost that is left, in nats), trustworthiness, and kNN accuracies
    """
    if points is None:
        name = read(AtlasRequest, {"model": model}, store).model
        points = min(USUAL_POINTS, len((await GATE.run(store.atlas, name)).labels))
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
    asked = read(TsneRequest, header, store)
    run = embedding.tsne(store, model, asked.points, asked.settings())
    with GATE.seats(embedding.SEATS, lasting=True):
        while (frame := await GATE.run(run.__next__)).finished is None:
            pass
    return {
        "atlas": model,
        "iteration": frame.iteration,
        "kl": frame.kl,
        **frame.finished.numbers,
        **_listed(frame.finished, store.atlas(model).labels, asked.points),
    }


def _listed(shown: embedding.Map, labels: NDArray[np.uint8], count: int) -> dict[str, Any]:
    """The class and the place of so many digits of a map, the first of all."""
    places = quantise(shown.points, one_scale=True).points()
    return {"labels": labels[:count].tolist(), "points": places[:count].tolist()}


ENDPOINTS = (atlas, atlas_pictures, nearest, embed)
