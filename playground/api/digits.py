"""From a picture to a digit, spoilt or not, and what the models make of it."""

from typing import Any

import numpy as np
from gradio import FileData

from vae_core.errors import UsageError, check_range

from ..live.picture import check_ink
from ..live.reconstruct import facts, finite
from ..query import parse_models, parse_noise, parse_rest
from ..store import Store
from .files import as_text, digit_of, grid

MOST_STROKES = 64
MOST_POINTS = 2000  # of all strokes together
PENS = (0.01, 0.3)


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
    from vae_core.data.drawing import to_digit

    check_range("pen", pen, *PENS)
    found = check_ink(to_digit(pens.draw(_strokes(strokes), pen=pen)))
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
    from ..inference.reconstruction import compare

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
    header = {"models": models, "noise": _noise(noise, strength, seed)._asdict()}
    query = parse_rest({**header, "sample": sample_seed}, found, store)
    from ..inference.reconstruction import compare

    seen = compare(query.digit, query.noise, [store.get(name) for name in models], sample_seed)
    told = facts(query, seen)
    rows = [
        {
            "name": row["name"],
            "mse": row["mse"],
            "psnr_db": row["psnr"],
            "sampled": row["sampled"],
            "active": row["active"],
            "code": view.code.tolist(),
            "cloud": None if view.cloud is None else _cloud(view.cloud),
        }
        for row, view in zip(told["models"], seen.views, strict=True)
    ]
    pictures = np.stack([found, seen.noisy, *(view.picture for view in seen.views)])
    noisy = {"mse": told["noisy"]["mse"], "psnr_db": told["noisy"]["psnr"]}
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
    found, spoilt, names = digit_of(digit), _noise(noise, 0, seed), parse_models(models, store)
    from ..inference.reconstruction import STRENGTHS, psnr_curves

    curves = psnr_curves(found, spoilt, [store.get(name) for name in names])
    noisy, *rest = ([finite(psnr) for psnr in curve] for curve in curves.values())
    return {
        "strengths": list(STRENGTHS),
        "noisy_psnr_db": noisy,
        "models_psnr_db": dict(zip(names, rest, strict=True)),
    }


def _noise(kind: Any, strength: Any, seed: Any) -> Any:
    return parse_noise({"kind": kind, "strength": strength, "seed": seed})


def _cloud(cloud: Any) -> dict[str, list[float]]:
    return {"mean": cloud[0].tolist(), "standard_deviation": cloud[1].tolist()}


def _strokes(strokes: Any) -> Any:
    """A stranger's strokes, checked."""
    told = (
        f"strokes must be a list of 1 to {MOST_STROKES} lists of points [x, y] from 0 to 1, "
        f"{MOST_POINTS} points in all at the most."
    )
    if not isinstance(strokes, list) or not 1 <= len(strokes) <= MOST_STROKES:
        raise UsageError(told)
    if not all(isinstance(stroke, list) and stroke for stroke in strokes):
        raise UsageError(told)
    points = [point for stroke in strokes for point in stroke]
    if len(points) > MOST_POINTS:
        raise UsageError(told)
    for point in points:
        if not isinstance(point, list) or len(point) != 2:
            raise UsageError(told)
        for number in point:
            check_range("a coordinate", number, 0, 1)
    return strokes


ENDPOINTS = (digit, draw, corrupt, reconstruct, noise_curves)
