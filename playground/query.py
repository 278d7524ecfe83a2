"""A stranger's request, checked before anything is computed from it."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UsageError, check_name, check_range, shown

from .store import Store

if TYPE_CHECKING:
    from .inference.reconstruction import Noise

LARGEST_INK = 128  # pixels along a side of the ink that a page sends
MOST_MODELS = 64
LARGEST_SEED = 2**31 - 1


class Query(NamedTuple):
    """A checked request: the digit, what to do to it, and who shall look at it."""

    digit: NDArray[np.uint8]
    noise: "Noise"
    models: list[str]
    sample_seed: int | None


def parse(header: dict[str, Any], ink: bytes, store: Store) -> Query:
    """What a stranger asks for, checked: every value of the header, and the ink.

    Raises:
        UsageError: if it cannot be answered.
    """
    return parse_rest(header, parse_ink(header, ink), store)


def parse_ink(header: dict[str, Any], ink: bytes) -> NDArray[np.uint8]:
    """The digit that a stranger drew, as the models see it: `width` times `height` bytes of ink.

    Ink that is a digit already, as the header says by `digit`, is taken as it is.

    Raises:
        UsageError: if the ink is not what the header says, or there is none.
    """
    width = _checked("width", header.get("width"), 1, LARGEST_INK, whole=True)
    height = _checked("height", header.get("height"), 1, LARGEST_INK, whole=True)
    if len(ink) != width * height:
        raise UsageError(f"The ink should be {width * height} bytes; got {len(ink)}.")
    drawn = np.frombuffer(ink, np.uint8).reshape(height, width)
    is_digit = header.get("digit", False)
    if not isinstance(is_digit, bool):
        raise UsageError(f"digit must be true or false; got {shown(is_digit)}.")
    if not drawn.any():
        raise UsageError("The canvas is empty. Draw a digit first.")
    return _sized(drawn) if is_digit else _digit(drawn)


def parse_rest(header: dict[str, Any], digit: NDArray[np.uint8], store: Store) -> Query:
    """What a stranger asks for, where the digit is known already: noise, models and sample.

    Raises:
        UsageError: if it cannot be answered.
    """
    sample = header.get("sample")
    if sample is not None:
        check_range("sample", sample, 0, LARGEST_SEED, whole=True)
    models = parse_models(header.get("models"), store)
    return Query(digit, parse_noise(header.get("noise")), models, sample)


def _sized(digit: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from vae_core.data.drawing import SIDE

    if digit.shape != (SIDE, SIDE):
        height, width = digit.shape
        raise UsageError(f"A digit has {SIDE}x{SIDE} pixels; got {width}x{height}.")
    return digit.copy()  # torch warns of arrays that cannot be written to


def _digit(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    from vae_core.data.drawing import to_digit

    return to_digit(ink)


def parse_models(names: object, store: Store) -> list[str]:
    """The chosen models' names, all of them known, each once."""
    if not isinstance(names, list) or len(names) > MOST_MODELS:
        raise UsageError("models must be a list of model names, each of them once.")
    for name in names:
        store.check(name)
    if len(set(names)) < len(names):
        raise UsageError("models must be a list of model names, each of them once.")
    return names


def parse_noise(noise: object) -> "Noise":
    """The noise that a request asks for."""
    from vae_core.data.corruption import CORRUPTIONS

    from .inference.reconstruction import Noise

    if not isinstance(noise, dict):
        raise UsageError("noise must be an object with kind, strength and seed.")
    check_name("corruption", noise.get("kind"), CORRUPTIONS)
    return Noise(
        kind=noise["kind"],
        strength=_checked("strength", noise.get("strength"), 0, 1),
        seed=_checked("noise seed", noise.get("seed"), 0, LARGEST_SEED, whole=True),
    )


def _checked(name: str, value: Any, low: float, high: float, whole: bool = False) -> Any:
    check_range(name, value, low, high, whole)
    return value
