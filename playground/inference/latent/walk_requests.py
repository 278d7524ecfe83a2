"""What may be asked of walks, films and samples: one model for a route and its endpoint alike."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import Self

from vae_core.errors import UsageError, check_name

from ...wire.animation import KINDS, Style
from ...wire.request import ModelNames, Request, Seed
from .requests import check_pictures

if TYPE_CHECKING:
    from .interpolation import Walk

STOPS = 10  # digits in the longest tour


class RowsRequest(Request):
    """Pictures of several models."""

    models: ModelNames


def _path(name: Any) -> Any:
    from vae_core.latent.interpolation import PATHS

    check_name("path", name, PATHS)
    return name


class WalkRequest(RowsRequest):
    """Films from digit to digit."""

    frames: Annotated[int, Field(ge=2, le=64)]
    path: Annotated[str, BeforeValidator(_path)]
    tour: bool

    def walk(self, stops: int) -> "Walk":
        """The same for so many digits, as `inference` takes it.

        Raises:
            UsageError: if there are too few or too many digits for it, or pictures.
        """
        from .interpolation import Walk

        walk = Walk(self.frames, self.path, self.tour)
        if self.tour and not 2 <= stops <= STOPS:
            raise UsageError(f"A tour is of 2 to {STOPS} digits; got {stops}.")
        if not self.tour and stops != 2:
            raise UsageError(f"A walk is from one digit to another, so it takes 2; got {stops}.")
        check_pictures((1 + len(self.models)) * walk.length(stops))
        return walk


def _kind(name: Any) -> Any:
    check_name("kind of file", name, KINDS)
    return name


class FilmRequest(WalkRequest):
    """Films as a file, and how it looks and moves."""

    kind: Annotated[str, BeforeValidator(_kind)]
    bounce: bool
    rate: Annotated[float, Field(ge=1, le=30)]
    scale: Annotated[int, Field(ge=1, le=8)]
    dark: bool

    def style(self) -> Style:
        """What `animation` takes."""
        return Style(self.scale, self.rate, self.bounce, self.dark)

    @property
    def per_line(self) -> int | None:
        """The frames in a line of a strip: a line a digit, or all of a walk in one."""
        return self.frames if self.tour else None


class SampleRequest(RowsRequest):
    """New digits of several models."""

    count: Annotated[int, Field(ge=1, le=100)]
    temperature: Annotated[float, Field(ge=0, le=3)]
    seed: Seed

    @model_validator(mode="after")
    def _fits_into_a_reply(self) -> Self:
        check_pictures(len(self.models) * self.count)
        return self
