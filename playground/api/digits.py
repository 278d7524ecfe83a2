"""From a picture to a digit, spoilt or not, and what the models make of it."""

from typing import Annotated, Any

import numpy as np
from gradio import FileData
from pydantic import Field, model_validator
from typing_extensions import Self

from vae_core.errors import UsageError

from ..store.models import Store
from ..wire.request import ModelNames, Noise, Request, Seed, read
from .files import as_text, digit_of, grid

MOST_POINTS = 2000  # of all strokes together

Share = Annotated[float, Field(ge=0, le=1)]  # of the width or height of the canvas
Point = Annotated[list[Share], Field(min_length=2, max_length=2, description="a point [x, y]")]
Stroke = Annotated[list[Point], Field(min_length=1, description="a list of points [x, y]")]


class DrawRequest(Request):
    """Strokes of a pen, each a list of points [x, y]."""

    strokes: list[Stroke] = Field(
        min_length=1, max_length=64, description="a list of 1 to 64 lists of points [x, y], 0 to 1"
    )
    pen: Annotated[float, Field(ge=0.01, le=0.3)]

    @model_validator(mode="after")
    def _is_soon_drawn(self) -> Self:
        count = sum(map(len, self.strokes))
        if count > MOST_POINTS:
            raise UsageError(f"strokes may have {MOST_POINTS} points in all; got {count}.")
        return self


class ModelsRequest(Request):
    """Which models look at a digit, and how their latents are drawn."""

    models: ModelNames
    sample_seed: Seed | None = None


def digit(store: Store, picture: str, scale: int = 4) -> tuple[dict[str, str], FileData]:
    """The digit in a picture as the models see it: 28x28, white on black, centred by mass.

    Arguments:
        picture: a PNG, JPEG, GIF, WebP or BMP file in base64, or an example's name.
        scale: pixels of the PNG along one pixel of the digit, 1 to 16.

    Returns:
        the digit as a data: URL to send to other endpoints, and a PNG of it
    """
    found = digit_of(picture)
    return {"digit": as_text(found)}, grid(found[None, None], scale)


def draw(
    store: Store, strokes: list[list[list[float]]], pen: float = 0.07, scale: int = 4
) -> tuple[dict[str, str], FileData]:
    """A digit from strokes of a pen, as if it were drawn on the page.

    Arguments:
        strokes: one list of [x, y] points a stroke; x goes right and y down, both from 0 to 1.
        pen: the width of the pen as a share of the canvas, 0.01 to 0.3.
        scale: pixels of the PNG along one pixel of the digit, 1 to 16.

    Returns:
        the digit as a data: URL to send to other endpoints, and a PNG of it
    """
    from vae_core.data import strokes as pens
    from vae_core.data.drawings.digit import to_digit

    from ..decoding.digits import not_empty

    asked = read(DrawRequest, {"strokes": strokes, "pen": pen})
    lines = [[(x, y) for x, y in stroke] for stroke in asked.strokes]
    found = not_empty(to_digit(pens.draw(lines, pen=asked.pen)))
    return {"digit": as_text(found)}, grid(found[None, None], scale)


def corrupt(
    store: Store,
    digit: str,
    noise: str = "gaussian",
    strength: float = 0.5,
    seed: int = 0,
    scale: int = 4,
) -> tuple[dict[str, Any], FileData]:
    """A digit with noise; the same seed gives the same pattern at every strength.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        noise: a kind of noise; /noises lists them.
        strength: from 0 (none) to 1.
        seed: a whole number that the noise is drawn from.
        scale: pixels of the PNG along one pixel of the digit, 1 to 16.

    Returns:
        the noisy digit, its error as MSE (white is 1) and PSNR in dB, and a PNG of it
    """
    found, spoilt = digit_of(digit), _noise(noise, strength, seed)
    from ..inference.reconstruction import compare, finite

    seen = compare(found, spoilt, [])
    numbers = {"digit": as_text(seen.noisy), "mse": seen.mse, "psnr_db": finite(seen.psnr_db)}
    return numbers, grid(seen.noisy[None, None], scale)


def reconstruct(
    store: Store,
    digit: str,
    models: list[str],
    noise: str = "gaussian",
    strength: float = 0.0,
    seed: int = 0,
    sample_seed: int | None = None,
    scale: int = 4,
) -> tuple[dict[str, Any], FileData]:
    """What each model makes of a digit, with or without noise on it, side by side.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        models: names of models; /models lists them.
        noise: the kind of noise that the models see; /noises lists them.
        strength: of the noise, from 0 (none) to 1.
        seed: a whole number that the noise is drawn from.
        sample_seed: draws the code of a VAE from its cloud; without it the cloud's mean is taken.
        scale: pixels of the PNG along one pixel of a digit, 1 to 16.

    Returns:
        errors against the clean digit (MSE, white is 1; PSNR in dB) and codes, model by model
        a PNG of the clean digit, the noisy one, then one reconstruction a model
    """
    found = digit_of(digit)
    asked = read(ModelsRequest, {"models": models, "sample_seed": sample_seed}, store)
    spoilt = _noise(noise, strength, seed)
    from ..inference.reconstruction import compare, finite

    seen = compare(found, spoilt, [store.get(name) for name in asked.models], asked.sample_seed)
    rows = [
        {
            "name": name,
            "mse": view.mse,
            "psnr_db": finite(view.psnr_db),
            "sampled": view.sampled,
            "active": view.active,
            "code": view.latents.tolist(),
            "cloud": None if view.cloud is None else _cloud(view.cloud),
        }
        for name, view in zip(asked.models, seen.views, strict=True)
    ]
    pictures = np.stack([found, seen.noisy, *(view.picture for view in seen.views)])
    noisy = {"mse": seen.mse, "psnr_db": finite(seen.psnr_db)}
    return {"noisy": noisy, "models": rows}, grid(pictures[None], scale)


def noise_curves(
    store: Store, digit: str, models: list[str], noise: str = "gaussian", seed: int = 0
) -> dict[str, Any]:
    """How well each model removes noise from this digit: PSNR in dB at 21 strengths from 0 to 1.

    Arguments:
        digit: a picture in base64, the data: URL of /digit or /draw, or an example's name.
        models: names of models; /models lists them.
        noise: the kind of noise; /noises lists them.
        seed: a whole number that the noise is drawn from.

    Returns:
        strengths, the PSNR of the noisy digit itself (null if infinite), and that of each model
    """
    found, spoilt = digit_of(digit), _noise(noise, 0, seed)
    names = read(ModelsRequest, {"models": models}, store).models
    from ..inference.reconstruction import STRENGTHS, finite, psnr_curves

    curves = psnr_curves(found, spoilt, [store.get(name) for name in names])
    noisy, *rest = ([finite(psnr) for psnr in curve] for curve in curves.values())
    return {
        "strengths": list(STRENGTHS),
        "noisy_psnr_db": noisy,
        "models_psnr_db": dict(zip(names, rest, strict=True)),
    }


def _noise(kind: Any, strength: Any, seed: Any) -> Any:
    return read(Noise, {"kind": kind, "strength": strength, "seed": seed}).plain()


def _cloud(cloud: Any) -> dict[str, list[float]]:
    return {"mean": cloud[0].tolist(), "standard_deviation": cloud[1].tolist()}


ENDPOINTS = (digit, draw, corrupt, reconstruct, noise_curves)
