"""Sheets: a square of a latent space, decoded on a lattice and sent as one picture."""

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vae_core.errors import UsageError, check_name, check_range

from ..store import Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .codes import LARGEST_NUMBER, model_name, read_codes, whole_number

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.latent.planes import Plane

MOST_TILES = 65  # along a side
LONGEST_REQUEST = 4 + LONGEST_HEADER + 3 * 512 * 4  # bytes: three codes at the most
QUALITY = 78  # of the WebP: its error is about that of blending tiles, under 2 grey levels

# The codes that a plane is laid through, by its kind.
CORNERS: dict[str, int] = {"whole": 0, "axes": 1, "corners": 3}


class Lattice(NamedTuple):
    """Where the tiles lie along one side of a sheet.

    Attributes:
        spacing: "even" from `low` to `high`, or by the "quantiles" of a Gaussian.
        low: the first tile, or the Gaussian's mean.
        high: the last tile, or the Gaussian's standard deviation.
    """

    spacing: str
    low: float
    high: float
    tiles: int

    def values(self) -> "Tensor":
        """One value a tile, rising: [count]."""
        from vae_core.latent.planes import evenly_spaced, quantiles

        if self.spacing == "even":
            return evenly_spaced(self.low, self.high, self.tiles)
        return self.low + quantiles(self.tiles, self.high)


def sheet(message: bytes, store: Store) -> bytes:
    """A lattice of a plane, decoded: one message with the picture of all tiles as WebP.

    The request names the `model`, the `plane` and the lattice `across` and `up`, and carries the
    codes that the plane is laid through as float32: none if it is the `whole` of a 2-D space, one
    for two `axes`, three for `corners`. Up in the picture is up in the plane.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    header, body = unpack(message)
    name = model_name(header, store)
    across, up = _lattice("across", header.get("across")), _lattice("up", header.get("up"))
    plane = header.get("plane")
    if not isinstance(plane, dict):
        raise UsageError("plane must be an object with a kind: whole, axes or corners.")
    check_name("kind of plane", plane.get("kind"), CORNERS)
    kind = plane["kind"]
    model = store.get(name).model
    if kind == "whole":
        if model.latent_dim != 2:
            raise UsageError(f"'{name}' has {model.latent_dim} numbers: choose a plane of them.")
        read_codes(body, 0, 2)
        return _whole(store, name, across, up)
    codes = read_codes(body, CORNERS[kind], model.latent_dim)
    return _drawn(store, name, _plane(plane, codes), across, up)


def sprite(tiles: NDArray[np.uint8]) -> bytes:
    """Tiles, [rows, columns, c, h, w], as one WebP; of colours only the first is kept."""
    rows, columns, _, height, width = tiles.shape
    grey = tiles[:, :, 0].swapaxes(1, 2).reshape(rows * height, columns * width)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()


def _plane(asked: dict[str, Any], codes: "Tensor") -> "Plane":
    from vae_core.latent import planes

    if asked["kind"] == "axes":
        first, second = (
            whole_number(asked, side, 0, codes.shape[1] - 1) for side in ("first", "second")
        )
        return planes.axes(codes[0], first, second)
    return planes.plane(*codes)


@remembered(16)
def _whole(store: Store, name: str, across: Lattice, up: Lattice) -> bytes:
    from vae_core.latent.planes import whole

    return _drawn(store, name, whole(2), across, up)


def _drawn(store: Store, name: str, plane: "Plane", across: Lattice, up: Lattice) -> bytes:
    from vae_core.latent.planes import sheet

    xs, ys = across.values(), up.values()
    tiles = sheet(store.get(name).model, plane, xs, ys.flip(0))
    about = {"side": tiles.shape[-1], "xs": xs.tolist(), "ys": ys.tolist()}
    return pack(about, sprite(tiles.numpy()))


def _lattice(side: str, asked: Any) -> Lattice:
    if not isinstance(asked, dict):
        raise UsageError(f"{side} must be an object with spacing, low, high and count.")
    spacing, low, high = (asked.get(key) for key in ("spacing", "low", "high"))
    check_name("spacing", spacing, ("even", "quantiles"))
    check_range(f"{side}: low", low, -LARGEST_NUMBER, LARGEST_NUMBER)
    check_range(f"{side}: high", high, -LARGEST_NUMBER, LARGEST_NUMBER)
    tiles = whole_number(asked, "count", 2, MOST_TILES)
    if spacing == "quantiles":
        check_range(f"{side}: the standard deviation", high, 0, 100)
    return Lattice(str(spacing), float(low or 0), float(high or 0), tiles)


ANSWERS: tuple[Answer, ...] = (Answer("sheet", sheet, LONGEST_REQUEST, slow=True),)
