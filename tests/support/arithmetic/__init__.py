"""What the page computes by itself, computed by the library: fixtures for `tests/js`.

`python -m tests.support.arithmetic` writes them anew.
"""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

FOLDER = Path(__file__).parents[2] / "js" / "golden"
NEAR = 1e-5  # processors differ in the last digits


def packed(numbers: NDArray[Any] | Tensor) -> dict[str, str]:
    """An array in few characters: pictures as deflated bytes, everything else as float32."""
    array = np.asarray(numbers)
    if array.dtype == np.uint8:
        return {"bytes": base64.b64encode(zlib.compress(array.tobytes(), 9)).decode()}
    return {"floats": base64.b64encode(array.astype("<f4").tobytes()).decode()}


def unpacked(value: dict[str, str]) -> NDArray[Any]:
    """The array behind what `packed` gave, flat."""
    ((kind, text),) = value.items()
    data = base64.b64decode(text)
    return np.frombuffer(zlib.decompress(data) if kind == "bytes" else data, _FORMS[kind])


_FORMS = {"bytes": "u1", "floats": "<f4"}


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


def text_of(content: Any) -> str:
    """The content of a fixture's file, a case on a line."""
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
    return f"{{\n{lines}\n}}\n"


def difference(now: Any, then: Any, where: str = "") -> str:
    """Where two contents differ by more than rounding; "" if they do not."""
    if isinstance(now, dict) and now.keys() & {"bytes", "floats"}:
        one, other = unpacked(now).astype(float), unpacked(then).astype(float)
        if one.shape != other.shape:
            return where
        # What is small beside its neighbours has their rounding.
        scale = max(1.0, float(np.nanmax(np.abs(other), initial=0)))
        near = 1 if "bytes" in now else NEAR * scale
        return "" if np.allclose(one, other, NEAR, near, equal_nan=True) else where
    if isinstance(now, dict) and isinstance(then, dict):
        if now.keys() != then.keys():
            return where
        return next(filter(None, (difference(now[k], then[k], f"{where}/{k}") for k in now)), "")
    if isinstance(now, list) and isinstance(then, list):
        if len(now) != len(then):
            return where
        pairs = enumerate(zip(now, then, strict=True))
        return next(filter(None, (difference(*pair, f"{where}/{i}") for i, pair in pairs)), "")
    if isinstance(now, float) and isinstance(then, int | float):
        return "" if np.isclose(now, then, NEAR, NEAR) else where
    return "" if now == then else where


def fixtures() -> dict[str, Callable[[], dict[str, Any]]]:
    """What makes each of them, by the name of its file."""
    from . import latents, models, photographs, pictures, shipped

    return {
        "random": pictures.random_numbers,
        "noise": pictures.noise,
        "digits": pictures.digits,
        "photographs": photographs.photographs,
        "spaces": latents.spaces,
        "ways": latents.ways,
        "samples": latents.samples,
        "codes": latents.codes,
        "neighbours": latents.neighbours,
        "views": models.views,
        "costs": models.costs,
        "bits": models.bits,
        "robustness": models.robustness,
        "models": shipped.models,
        "gradients": shipped.gradients,
    }
