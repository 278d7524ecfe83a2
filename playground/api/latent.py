"""Codes: from digits to codes and back, and ways to move through the space they lie in."""

from typing import Any

import numpy as np
from gradio import FileData

from vae_core.errors import UsageError

from ..live import codes as coding
from ..live import latents as numbers
from ..live import map as maps
from ..live import sheet as sheets
from ..store import Store
from .endpoint import ask, ask_parts
from .files import digits_of, file, grid


def encode(store: Store, digits: list[str], model: str) -> dict[str, Any]:
    """The codes of up to 16 digits by one model: what it keeps of each.

    Arguments:
        digits: pictures in base64, data: URLs of /digit or /draw, or names of examples.
        model: a model's name; /models lists them.

    Returns:
        codes, one list of numbers a digit; of a VAE also their standard deviations
    """
    found = digits_of(digits)
    header = {"model": model, "count": len(found)}
    about, body = ask_parts(coding.encode, store, header, found.tobytes())
    parts = np.frombuffer(body, "<f4").reshape(-1, len(found), about["code"])
    spreads = parts[1].tolist() if about["cloud"] else None
    return {"codes": parts[0].tolist(), "standard_deviations": spreads}


def decode(
    store: Store, codes: list[list[float]], model: str, scale: int = 4
) -> tuple[dict[str, int], FileData]:
    """What one model draws from each of up to 64 codes.

    Arguments:
        codes: one list of numbers a picture, as long as the model's codes are.
        model: a model's name; /models lists them.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        the number of pictures, the side of each in pixels, and a PNG of them in a row
    """
    header = {"model": model, "count": len(codes) if isinstance(codes, list) else codes}
    about, body = ask_parts(coding.decode, store, header, _bytes(codes))
    pictures = np.frombuffer(body, np.uint8).reshape(1, -1, about["side"], about["side"])
    return about, grid(pictures, scale)


def latents(store: Store, model: str) -> dict[str, Any]:
    """The single numbers of a model's code, the most important first.

    Arguments:
        model: a model's name; /models lists them.

    Returns:
        order and importance (kl: nats an image; effect: change of the picture, white is 1)
        the range of each, from low to high, and which of them are dead, in the same order
    """
    return ask(numbers.latents, store, {"model": model})


def traverse(
    store: Store, code: list[float], latents: list[int], model: str, frames: int = 9
) -> tuple[dict[str, Any], FileData]:
    """What changes in the picture when single numbers of a code go through their ranges.

    Arguments:
        code: the numbers of one code, such as one that /encode gave.
        latents: which of them to move, counted from 0; /latents says which matter.
        model: a model's name; /models lists them.
        frames: pictures from the low end of a range to the high end, 2 to 15.

    Returns:
        the numbers in the order of the rows, and a WebP with a row of frames for each
    """
    header = {"model": model, "latents": latents, "frames": frames}
    about, body = ask_parts(numbers.traverse, store, header, _bytes([code]))
    return about, file("traversal.webp", body)


def sheet(
    store: Store,
    model: str,
    plane: str = "whole",
    codes: list[list[float]] | None = None,
    first: int = 0,
    second: int = 1,
    low: float = -3.0,
    high: float = 3.0,
    tiles: int = 15,
) -> tuple[dict[str, Any], FileData]:
    """A square of a latent space, decoded on a lattice: the manifold picture.

    Arguments:
        model: a model's name; /models lists them.
        plane: "whole" for a code of two numbers, "axes" for two numbers of one, or "corners".
        codes: none for "whole", one for "axes", three for "corners", of a triangle.
        first: the number of the code that grows to the right, counted from 0, for "axes".
        second: the number of the code that grows upwards, for "axes".
        low: where the square begins, to the left and below.
        high: where it ends. With "corners" the side of the triangle is 1.
        tiles: pictures along a side, 2 to 65.

    Returns:
        xs from left to right, ys from below, the side of a tile in pixels
        a WebP of all tiles; it is rounded a little, and /decode is exact
    """
    lattice = {"spacing": "even", "low": low, "high": high, "count": tiles}
    asked = {"kind": plane, "first": first, "second": second}
    header = {"model": model, "plane": asked, "across": lattice, "up": lattice}
    about, body = ask_parts(sheets.sheet, store, header, _bytes([] if codes is None else codes))
    return about, file("sheet.webp", body)


def latent_map(store: Store, model: str, digits: int = 500) -> tuple[dict[str, Any], FileData]:
    """Where the test digits lie in the latent space of a model with codes of two numbers.

    Arguments:
        model: a model's name, one whose code has two numbers, such as vae-2.
        digits: how many of them to list; 0 for none, and there are 10,000 of MNIST.

    Returns:
        codes and labels, the square that holds nearly all, how even and how full the space is
        a PNG of the density in that square: 255 at its peak, else the root of the share of it
    """
    if type(digits) is not int or digits < 0:
        raise UsageError(f"digits must be a whole number from 0; got {digits!s:.40}.")
    about, body = ask_parts(maps.map_of, store, {"model": model})
    scale = about.pop("codes")
    labels = np.frombuffer(body, np.uint8, scale["count"])[:digits]
    steps = np.frombuffer(body, "<u2", offset=scale["count"]).reshape(-1, 2)[:digits]
    places = np.array(scale["low"]) + steps * np.array(scale["step"])
    raster, density = ask_parts(maps.density_of, store, {"model": model})
    heights = np.frombuffer(density, np.uint8).reshape(1, 1, raster["side"], raster["side"])
    told = {"count": scale["count"], "codes": places.tolist(), "labels": labels.tolist()}
    return {**about, **told, "peak_density": raster["peak"]}, grid(heights, 4)


def _bytes(codes: Any) -> bytes:
    """A stranger's codes as the float32 of the live routes."""
    told = "codes must be lists of numbers, all of one length."
    if not isinstance(codes, list) or not all(isinstance(code, list) for code in codes):
        raise UsageError(told)
    if len({len(code) for code in codes}) > 1:
        raise UsageError(told)
    for number in (number for code in codes for number in code):
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise UsageError(told)
        if not abs(number) <= coding.LARGEST_NUMBER:
            raise UsageError(
                f"The numbers of a code must lie within ±{coding.LARGEST_NUMBER:g}; "
                f"got {number!s:.40}."
            )
    return np.array(codes, "<f4").tobytes()


ENDPOINTS = (encode, decode, latents, traverse, sheet, latent_map)
