"""Codes: from digits to codes and back, and ways to move through the space they lie in."""

from typing import Annotated, Any

import numpy as np
from gradio import FileData
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from vae_core.errors import UsageError

from ..inference.latent.requests import ModelRequest, Number, SheetRequest, TraverseRequest
from ..inference.quantise import quantise
from ..store.models import Store
from ..wire.animation import sprite
from ..wire.request import read
from .files import digits_of, file, grid, in_lines

MOST_CODES = 400  # a sheet of 20 by 20


def _of_one_length(codes: list[list[float]]) -> list[list[float]]:
    if len({len(code) for code in codes}) > 1:
        raise UsageError("codes must be lists of numbers, all of one length.")
    return codes


Code = Annotated[list[Number], Field(description="a list of numbers")]
Codes = Annotated[
    list[Code],
    Field(max_length=MOST_CODES, description=f"up to {MOST_CODES} lists of numbers"),
    AfterValidator(_of_one_length),
]


class DecodeRequest(ModelRequest):
    """Codes to be drawn."""

    codes: Annotated[Codes, Field(min_length=1, description=f"1 to {MOST_CODES} lists of numbers")]


class TraverseCodeRequest(TraverseRequest):
    """A code, some of whose numbers go through their ranges."""

    code: Code


class PlaneSheetRequest(SheetRequest):
    """A sheet, and the codes that its plane is laid through."""

    codes: Codes


class MapRequest(ModelRequest):
    """A map, and how many of its digits to list."""

    digits: Annotated[int, Field(ge=0)]


def encode(store: Store, digits: list[str], model: str) -> dict[str, Any]:
    """The codes of up to 16 digits by one model: what it keeps of each.

    Arguments:
        digits: pictures in base64, data: URLs of /digit or /draw, or names of examples.
        model: a model's name; /models lists them.

    Returns:
        codes, one list of numbers a digit; of a VAE also their standard deviations
    """
    from ..inference.latent import latents

    asked = read(ModelRequest, {"model": model}, store)
    found = latents.encode(store, asked.model, digits_of(digits))
    spreads = None if found.spreads is None else found.spreads.tolist()
    return {"codes": found.latents.tolist(), "standard_deviations": spreads}


def decode(
    store: Store,
    codes: list[list[float]],
    model: str,
    scale: int = 4,
    columns: int | None = None,
) -> tuple[dict[str, int], FileData]:
    """What one model draws from each of up to 400 codes.

    Arguments:
        codes: one list of numbers a picture, as long as the model's codes are.
        model: a model's name; /models lists them.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.
        columns: pictures in a line of the PNG; by default all are in one.

    Returns:
        the number of pictures, the side of each in pixels, and a PNG of them
    """
    from ..inference.latent import latents

    asked = read(DecodeRequest, {"model": model, "codes": codes}, store)
    drawn = latents.decode(store, asked.model, _array(asked.codes))
    about = {"count": len(drawn), "side": drawn.shape[-1], "judged": False}
    return about, grid(in_lines(drawn[None], columns), scale)


def latents(store: Store, model: str) -> dict[str, Any]:
    """The single numbers of a model's code, the most important first.

    Arguments:
        model: a model's name; /models lists them.

    Returns:
        order and importance (kl: nats an image; effect: change of the picture, white is 1)
        the range of each, from low to high, and which of them are dead, in the same order
    """
    from ..inference.latent.latents import ranges

    return ranges(store, read(ModelRequest, {"model": model}, store).model).as_lists()


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
    from ..inference.latent import latents as numbers

    header = {"model": model, "code": code, "latents": latents, "frames": frames}
    asked = read(TraverseCodeRequest, header, store)
    start = _array(asked.code)
    tiles = numbers.traverse(store, asked.model, start, asked.latents, asked.frames)
    about = {"side": tiles.shape[-1], "frames": asked.frames, "latents": asked.latents}
    return about, file("traversal.webp", sprite(tiles))


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
    spacing: str = "even",
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
        spacing: "even", or "quantiles": every tile stands for an equal share of the prior, or of a
            Gaussian with the spread of the model's codes, and low and high do not matter.

    Returns:
        xs from left to right, ys from below, the side of a tile in pixels
        a WebP of all tiles; it is rounded a little, and /decode is exact
    """
    from ..inference.latent import sheets
    from ..inference.latent.lattices import gaussians

    lattice = {"spacing": spacing, "low": low, "high": high, "count": tiles}
    across = up = lattice
    if spacing == "quantiles":
        name = read(ModelRequest, {"model": model}, store).model
        across, up = ({**lattice, **side} for side in gaussians(store, name, plane))
    header = {
        "model": model,
        "plane": {"kind": plane, "first": first, "second": second},
        "across": across,
        "up": up,
        "codes": [] if codes is None else codes,
    }
    asked = read(PlaneSheetRequest, header, store)
    corners = _array(asked.codes)
    laid = sheets.plane_of(store, asked.model, asked.plane.kind, corners, asked.plane.axes)
    found = sheets.sheet(store, asked.model, laid, asked.across.values(), asked.up.values())
    about = {"side": found.tiles.shape[-1], "xs": found.xs.tolist(), "ys": found.ys.tolist()}
    return about, file("sheet.webp", sprite(found.tiles))


def latent_map(store: Store, model: str, digits: int = 500) -> tuple[dict[str, Any], FileData]:
    """Where the test digits lie in the latent space of a model with codes of two numbers.

    Arguments:
        model: a model's name, one whose code has two numbers, such as vae-2.
        digits: how many of them to list; 0 for none, and there are 10,000 of MNIST.

    Returns:
        codes and labels, the square that holds nearly all, how even and how full the space is
        a PNG of the density in that square: 255 at its peak, else the root of the share of it
    """
    from ..inference.latent import map as maps
    from ..inference.latent import map_layers as layers

    asked = read(MapRequest, {"model": model, "digits": digits}, store)
    found, density = maps.latent_map(store, asked.model), layers.density(store, asked.model)
    places = quantise(found.latents.astype(np.float64), one_scale=False).points()
    about = {
        "model": asked.model,
        "square": found.square._asdict(),
        "spread": found.spread.tolist(),
        "prior": found.has_prior,
        "continuity": found.continuity,
        "completeness": layers.measured(store, asked.model).completeness,
        "count": len(found.latents),
        "codes": places[: asked.digits].tolist(),
        "labels": found.labels[: asked.digits].tolist(),
        "peak_density": density.peak,
    }
    return about, grid(density.raster[None, None], 4)


def _array(numbers: Any) -> NDArray[np.float32]:
    return np.array(numbers, np.float32)


ENDPOINTS = (encode, decode, latents, traverse, sheet, latent_map)
