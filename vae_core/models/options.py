"""What may be chosen of a model when it is built, and within what bounds."""

from typing import Any, NamedTuple

from ..errors import check_name, check_range


class Range(NamedTuple):
    """The numbers that an option may have, both ends allowed."""

    low: float
    high: float

    def check(self, option: str, value: Any, whole: bool) -> None:
        """Refuses what lies outside.

        Raises:
            UsageError: "latent_dim must be a whole number from 1 to 512; got 0."
        """
        check_range(option, value, self.low, self.high, whole)

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


class Choice(NamedTuple):
    """The words that an option may be."""

    names: tuple[str, ...]

    def check(self, option: str, value: Any, whole: bool) -> None:
        """Refuses any other word.

        Raises:
            UsageError: with the nearest one.
        """
        check_name(option, value, self.names)

    def __str__(self) -> str:
        return " or ".join(self.names)


Bounds = Range | Choice

LATENT_DIM = Range(1, 512)
USUAL: dict[str, Bounds] = {
    "latent_dim": LATENT_DIM,
    "width": Range(2, 2048),
    "depth": Range(0, 6),
}
