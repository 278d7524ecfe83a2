"""What may be asked of latents and maps: one model for a route and its endpoint alike."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from vae_core.errors import UsageError, check_range

from ...wire.request import AtlasName, AtlasNames, ModelName, Noise, Request, Seed

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.latent.tsne_steps import TsneSettings


LARGEST_NUMBER = 1e6  # of a latent: far beyond any that an encoder puts out
MOST_PICTURES = 4096  # in one reply
MOST_SHOWN = 512  # digits of an atlas, in one reply
LEAST_POINTS = 10  # of a map by t-SNE, as in the form of the page


Number = Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class ModelRequest(Request):
    """A question about one model."""

    model: ModelName


class TraverseRequest(ModelRequest):
    """One digit's latents, some of which go through their ranges."""

    latents: Annotated[
        list[Annotated[int, Field(ge=0)]],
        Field(min_length=1, description="a list of numbers of the code, counted from 0"),
    ]
    frames: Annotated[int, Field(ge=2, le=15)]

    @model_validator(mode="after")
    def _fits_into_a_reply(self) -> Self:
        check_pictures(len(self.latents) * self.frames, "numbers")
        return self


class PlaneRequest(Request):
    """Which plane of a latent space: all of a space of two numbers, two axes, or three corners."""

    kind: Literal["whole", "axes", "corners"]
    first: int | None = None
    second: int | None = None

    @model_validator(mode="after")
    def _has_its_axes(self) -> Self:
        if self.kind == "axes" and (self.first is None or self.second is None):
            raise UsageError("A plane of two axes needs the numbers first and second of the code.")
        return self

    @property
    def axes(self) -> tuple[int, int]:
        """The numbers that grow to the right and upwards; they matter to two axes alone."""
        return self.first or 0, self.second or 0


class Lattice(Request):
    """Where the tiles lie along one side of a sheet.

    Attributes:
        spacing: "even" from `low` to `high`, or by the "quantiles" of a Gaussian.
        low: the first tile, or the Gaussian's mean.
        high: the last tile, or the Gaussian's standard deviation.
        count: of tiles.
    """

    spacing: Literal["even", "quantiles"]
    low: Number
    high: Number
    count: Annotated[int, Field(ge=2, le=65)]

    @model_validator(mode="after")
    def _has_a_deviation(self) -> Self:
        if self.spacing == "quantiles":
            check_range("The standard deviation", self.high, 0, 100)
        return self

    def values(self) -> "Tensor":
        """One value a tile, rising: [count]."""
        from vae_core.latent.planes import evenly_spaced, quantiles

        if self.spacing == "even":
            return evenly_spaced(self.low, self.high, self.count)
        return self.low + quantiles(self.count, self.high)


class SheetRequest(ModelRequest):
    """A lattice of a plane."""

    plane: PlaneRequest
    across: Lattice
    up: Lattice


class AtlasRequest(Request):
    """One map of an atlas; without a view the first there is."""

    model: AtlasName
    view: str | None = None


class PicturesRequest(ModelRequest):
    """Some digits of an atlas, drawn, or their mean."""

    indices: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=1000)]
    mean: bool = False

    @model_validator(mode="after")
    def _fits_into_a_reply(self) -> Self:
        if not self.mean and len(self.indices) > MOST_SHOWN:
            raise UsageError(
                f"A reply holds at most {MOST_SHOWN} pictures; got {len(self.indices)} indices. "
                "Ask for fewer, or for the mean of up to 1,000."
            )
        return self


class NearestRequest(ModelRequest):
    """Where a digit lies among the first `points` of an atlas."""

    noise: Noise
    points: Annotated[int, Field(ge=5)] | None


class TsneRequest(Request):
    """A run of t-SNE: whose latents, how many of them, and how."""

    atlases: AtlasNames
    points: Annotated[int, Field(ge=LEAST_POINTS, le=5000)]
    perplexity: Annotated[float, Field(ge=2, le=100)] | None = None
    iterations: Annotated[int, Field(ge=50, le=2000)]
    exaggeration: Annotated[float, Field(ge=1, le=32)]
    early_iterations: Annotated[int, Field(ge=0, le=500)]
    seed: Seed
    dims: Annotated[int, Field(ge=2, le=3)] = 2

    @model_validator(mode="after")
    def _has_neighbours_enough(self) -> Self:
        if self.perplexity is not None and 3 * self.perplexity >= self.points:
            raise UsageError(
                f"A perplexity of {self.perplexity:g} needs more than {3 * self.perplexity:g} "
                f"digits; got {self.points}. Lower the perplexity below {self.points / 3:.3g}, or take "
                "more digits."
            )
        return self

    def settings(self) -> "TsneSettings":
        """What `vae_core` takes."""
        from vae_core.latent.tsne_steps import TsneSettings, perplexity_for

        asked = self.model_dump(exclude={"atlases", "points"})
        if self.perplexity is None:
            asked["perplexity"] = perplexity_for(self.points)
        return TsneSettings(**asked)


def check_pictures(count: int, fewer: str = "models") -> None:
    """Refuses to draw more pictures than one reply may hold.

    Raises:
        UsageError: if it is more; `fewer` of what to choose, beside frames.
    """
    if count > MOST_PICTURES:
        raise UsageError(
            f"This makes {count:,} pictures, and a reply holds at most {MOST_PICTURES:,}. "
            f"Choose fewer frames or fewer {fewer}."
        )
