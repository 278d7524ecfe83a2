"""Films from digit to digit, samples, and sums of digits."""

from typing import Any

import numpy as np
from gradio import FileData

from ..live import arithmetic as sums
from ..live import film as films
from ..live import sample as samples
from ..live import walk as walks
from ..store import Store
from .endpoint import ask, ask_parts
from .files import digits_of, file, grid


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
    return _rows(walks.walk, store, _walk(models, frames, path, tour), scale, digits)


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
    rows = ["pixels", *models] if isinstance(models, list) else models
    style = {"kind": kind, "rows": rows, "rate": rate, "bounce": bounce, "dark": dark}
    header = {**_walk(models, frames, path, tour), **style, "scale": scale}
    found = digits_of(digits)
    return file(f"film.{kind}", ask(films.film, store, header, found.tobytes()))


def sample(
    store: Store,
    models: list[str],
    count: int = 10,
    temperature: float = 1.0,
    seed: int = 0,
    scale: int = 2,
) -> tuple[dict[str, Any], FileData]:
    """New digits that the models draw from nothing.

    A VAE draws its codes from its prior; another model from a Gaussian fitted to its codes.

    Arguments:
        models: names of models; /models lists them.
        count: digits of each model, 1 to 100.
        temperature: 0 draws the mean, 1 as the model learned, up to 3 for rarer ones.
        seed: a whole number that the codes are drawn from.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the rows, whether each is from a prior, and what a digit classifier sees in each picture
        a PNG with one row of samples a model
    """
    header = {"models": models, "count": count, "temperature": temperature, "seed": seed}
    return _rows(samples.sample, store, header, scale)


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
    return _rows(sums.arithmetic, store, {"models": models}, scale, [a, b, c])


def _walk(models: Any, frames: Any, path: Any, tour: Any) -> dict[str, Any]:
    return {"models": models, "frames": frames, "path": path, "tour": tour, "judged": True}


def _rows(
    route: Any, store: Store, header: dict[str, Any], scale: Any, digits: Any = None
) -> tuple[dict[str, Any], FileData]:
    """The reply of `rows.pack_rows` as numbers and a PNG."""
    body = b"" if digits is None else digits_of(digits).tobytes()
    about, reply = ask_parts(route, store, {**header, "judged": True}, body)
    names, count, side, judged = (about.pop(key) for key in ("rows", "count", "side", "judged"))
    size = len(names) * count * side**2
    pictures = np.frombuffer(reply[:size], np.uint8).reshape(len(names), count, side, side)
    rows = []
    for number, name in enumerate(names):
        row: dict[str, Any] = {"name": name, "classes": None, "chances": None}
        if judged:
            start = size + number * 5 * count
            row["classes"] = np.frombuffer(reply, np.uint8, count, start).tolist()
            row["chances"] = np.frombuffer(reply, "<f4", count, start + count).tolist()
        rows.append(row)
    return {"rows": rows, **about}, grid(pictures, scale)


ENDPOINTS = (walk, film, sample, arithmetic)
