"""How a digit is spoilt before the models see it."""

from typing import NamedTuple


class Noise(NamedTuple):
    """A kind of noise, by its name in `CORRUPTIONS`, and the draw of it."""

    kind: str
    strength: float  # 0 leaves the digit as it is
    seed: int
