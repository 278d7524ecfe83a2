"""Films from digit to digit, samples, and sums of digits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from gradio import FileData

from vae_core.errors import UsageError

from ..inference.latent.walk_requests import FilmRequest, RowsRequest, SampleRequest, WalkRequest
from ..store.models import Store
from ..wire.animation import KINDS
from ..wire.request import read
from .files import digits_of, file, grid, in_lines

if TYPE_CHECKING:
    from ..inference.latent.interpolation import Pictures


def walk(
    store: Store,
    digits: list[str],
    models: list[str],
    frames: int = 9,
    path: str = "straight",
    tour: bool = False,
    scale: int = 2,
) -> tuple[dict[str, Any], FileData]:
    """From one digit to another through the codes of several models, beside a plain cross-fade.

    Arguments:
        digits: two pictures, or with tour up to ten, as files in base64 or names of examples.
        models: names of models; /models lists them.
        frames: pictures from a digit to the next, 2 to 64.
        path: "straight", or "spherical": along an arc about the middle of the latent space.
        tour: whether to go on through all digits and back to the first.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the rows, "pixels" being the cross-fade, with what a digit classifier sees in each picture
        a PNG with one row of frames for each of them
    """
    from ..inference.latent.interpolation import films

    header = {"models": models, "frames": frames, "path": path, "tour": tour}
    asked, found = read(WalkRequest, header, store), digits_of(digits)
    store.afford(asked.models, asked.walk(len(found)).pictures(len(found)))
    rows = films(found, asked.walk(len(found)), [store.get(name) for name in asked.models])
    return _answer(store, rows, scale)


def film(
    store: Store,
    digits: list[str],
    models: list[str],
    kind: str = "gif",
    frames: int = 16,
    path: str = "straight",
    tour: bool = False,
    rate: float = 12.0,
    bounce: bool = True,
    dark: bool = False,
    scale: int = 4,
) -> FileData:
    """The same walk as a moving picture, all rows side by side and labelled.

    Arguments:
        digits: two pictures, or with tour up to ten, as files in base64 or names of examples.
        models: names of models; /models lists them.
        kind: "gif", "webp", or "png" for a strip to print.
        frames: pictures from a digit to the next, 2 to 64.
        path: "straight", or "spherical": along an arc about the middle of the latent space.
        tour: whether to go on through all digits and back to the first.
        rate: frames a second, 1 to 30.
        bounce: whether the film runs back before it starts again.
        dark: light words on a dark ground.
        scale: pixels of the file along one pixel of a digit, 1 to 8.

    Returns:
        the file
    """
    from ..inference.latent.interpolation import films, labelled

    way = {"models": models, "frames": frames, "path": path, "tour": tour}
    look = {"kind": kind, "rate": rate, "bounce": bounce, "dark": dark, "scale": scale}
    asked, found = read(FilmRequest, {**way, **look}, store), digits_of(digits)
    store.afford(asked.models, asked.walk(len(found)).pictures(len(found)))
    rows = films(found, asked.walk(len(found)), [store.get(name) for name in asked.models])
    content = KINDS[asked.kind](labelled(store, rows), asked.style(), asked.per_line)
    return file(f"film.{asked.kind}", content)


def sample(
    store: Store,
    models: list[str],
    count: int = 10,
    temperature: float = 1.0,
    seed: int = 0,
    scale: int = 2,
    columns: int | None = None,
) -> tuple[dict[str, Any], FileData]:
    """New digits that the models draw from nothing.

    A VAE draws its codes from its prior; another model from a Gaussian fitted to its codes.

    Arguments:
        models: names of models; /models lists them.
        count: digits of each model, 1 to 100.
        temperature: 0 draws the mean, 1 as the model learned, up to 3 for rarer ones.
        seed: a whole number that the codes are drawn from.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.
        columns: samples in a line of the PNG, 8 for 64 in a square; by default all of a model.

    Returns:
        the rows, whether each is from a prior, and what a digit classifier sees in each picture
        a PNG with the samples of one model after the other
    """
    from ..inference.latent.interpolation import samples

    header = {"models": models, "count": count, "temperature": temperature, "seed": seed}
    asked = read(SampleRequest, header, store)
    found = samples(store, asked.models, asked.count, asked.temperature, asked.seed)
    about = {"prior": found.from_prior, "failed": found.failed}
    return _answer(store, found.rows, scale, about, columns)


def arithmetic(
    store: Store, a: str, b: str, c: str, models: list[str], scale: int = 2
) -> tuple[dict[str, Any], FileData]:
    """Adds up digits: a - b + c, in pixels and in every model's codes.

    Arguments:
        a: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        b: what is taken away, given as a is.
        c: what it is done to, given as a is.
        models: names of models; /models lists them.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the rows, how much of a - b each picture has, and what a digit classifier sees in it
        a PNG with one row for each: a and b as it draws them, then the way from c to the result
    """
    from ..inference.latent.interpolation import STEPS, sums

    asked, found = read(RowsRequest, {"models": models}, store), digits_of([a, b, c])
    rows = sums(found, [store.get(name) for name in asked.models])
    return _answer(store, rows, scale, {"steps": list(STEPS)})


def _answer(
    store: Store,
    rows: Sequence["Pictures"],
    scale: Any,
    about: dict[str, Any] | None = None,
    columns: Any = None,
) -> tuple[dict[str, Any], FileData]:
    """Rows of pictures as numbers, with what the digit classifier says of each, and as a PNG."""
    from ..inference.latent.interpolation import verdicts

    if not rows:
        raise UsageError("There is nothing to draw. Choose at least one model.")
    classifier = store.classifier()
    told: list[dict[str, Any]] = []
    for row in rows:
        seen = verdicts(classifier, row.pictures) if classifier else None
        classes = seen.classes.tolist() if seen else None
        chances = seen.probabilities.tolist() if seen else None
        told.append({"name": row.name, "classes": classes, "chances": chances})
    pictures = in_lines(np.stack([row.pictures for row in rows]), columns)
    return {"rows": told, **(about or {})}, grid(pictures, scale)


ENDPOINTS = (walk, film, sample, arithmetic)
