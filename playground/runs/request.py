"""What may be asked of training, by the page and by programs."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from vae_core.errors import check_name

from ..wire.request import Request
from . import downloads
from .disk import record

LARGEST = 2**53  # beyond it, JavaScript's numbers have gaps


def _owner(token: object) -> object:
    record.hashed(token)
    return token


def _model(name: object) -> object:
    from vae_core.models import MODELS

    check_name("model", name, MODELS)
    return name


def _dataset(name: object) -> object:
    check_name("data set", name, downloads.offered())
    return name


def _way(way: object) -> object:
    from vae_core.data.ingest import WAYS

    check_name("way to read pictures", way, WAYS)
    return way


def _device(name: Any) -> object:
    from vae_core.training.devices import best_device

    best_device(name)
    return name


def _title(name: object) -> str:
    return record.check_title("" if name is None else name)


Owner = Annotated[str, BeforeValidator(_owner)]
Title = Annotated[str, BeforeValidator(_title)]  # "" asks for the default
Count = Annotated[int, Field(ge=0, le=LARGEST, description="a whole number, 0 or more")]
Action = Literal["run", "pause", "step", "stop", "resume", "rewind", "delete"]


class Visit(Request):
    """A request that comes with a token, as all of the page do, and does not need it."""

    owner: Any = None


class Owned(Request):
    """A request about what belongs to one browser."""

    owner: Owner = Field(default="", validate_default=True)


class RunRequest(Visit):
    """A run to be trained."""

    model: Annotated[str, BeforeValidator(_model)]
    dataset: Any = None  # `Shelf.resolve` refuses what is none, or may not be read
    options: Annotated[
        dict[str, Any], Field(description="an object with a value for each name")
    ] = Field(default={})
    config: Annotated[
        dict[str, Any], Field(description="an object with a value for each name")
    ] = Field(default={})
    device: Annotated[str, BeforeValidator(_device)] = "auto"
    name: Title = ""


class StartRequest(Owned, RunRequest):
    """A run to be trained for a browser."""


class RunsRequest(Owned):
    """The runs of a browser, with those of sweeps that it has open."""

    opened: Annotated[list[str], Field(description="a list of the ids of runs")] = Field(
        default=[]
    )


class OneRun(Owned):
    """One run of a browser."""

    id: Any = None  # `Jobs.get` refuses in the same words what is no id and what is another's


class WatchRequest(OneRun):
    """What is new of a run: lines of its metrics, and pictures after the version `preview`."""

    line: Count = 0
    preview: Count | None = None
    resumed: Count | None = None


class ActionRequest(OneRun):
    """Something to be done with a run."""

    action: Action


class WishRequest(OneRun):
    """The same, as the page asks for it."""

    wish: Action


class UploadRequest(Owned):
    """A checkpoint that becomes a run."""

    name: Title = ""


class DownloadRequest(Visit):
    """How a download stands; it begins unless `start` is false."""

    name: Annotated[str, BeforeValidator(_dataset)]
    start: bool = True


class SweepRequest(Visit):
    """A sweep, the newest one if it has no name."""

    name: str | None = None


class ArchiveRequest(Owned):
    """Pictures in a zip file, and the way in which they become digits."""

    way: Annotated[str, BeforeValidator(_way)] = "folder"


class PicturesRequest(Owned):
    """Pictures that were brought."""

    dataset: Annotated[str, Field(description="the name of pictures that somebody brought")]
