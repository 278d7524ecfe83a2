"""Sheets: a square of a latent space, decoded on a lattice and sent as one picture."""

import numpy as np
from numpy.typing import NDArray

from ..animation import sprite
from ..inference.request import Lattice, PlaneRequest, SheetRequest
from ..request import read
from ..store import Store, remembered
from ..wire import LONGEST_HEADER, pack, unpack
from .answer import Answer
from .codes import read_codes

LONGEST_REQUEST = 4 + LONGEST_HEADER + 3 * 512 * 4  # bytes: three codes at the most


def sheet(message: bytes, store: Store) -> bytes:
    """A lattice of a plane, decoded: one message with the picture of all tiles as WebP.

    The request names the `model`, the `plane` and the lattice `across` and `up`, and carries the
    codes that the plane is laid through as float32: none if it is the `whole` of a 2-D space, one
    for two `axes`, three for `corners`. Up in the picture is up in the plane.

    Raises:
        UsageError: if anything in the message is not as it should be.
    """
    from ..inference.latent_map import CORNERS

    header, body = unpack(message)
    asked = read(SheetRequest, header, store)
    size = store.get(asked.model).model.latent_dim
    codes = read_codes(body, CORNERS[asked.plane.kind], size)
    if asked.plane.kind == "whole":
        return _whole(store, asked.model, asked.across, asked.up)
    return _drawn(store, asked, codes)


@remembered(16)
def _whole(store: Store, name: str, across: Lattice, up: Lattice) -> bytes:
    whole = PlaneRequest(kind="whole")
    asked = SheetRequest.model_construct(model=name, plane=whole, across=across, up=up)
    return _drawn(store, asked, np.zeros((0, 2), np.float32))


def _drawn(store: Store, asked: SheetRequest, codes: NDArray[np.float32]) -> bytes:
    from ..inference.latent_map import plane_of, sheet

    plane = plane_of(store, asked.model, asked.plane.kind, codes, asked.plane.axes)
    found = sheet(store, asked.model, plane, asked.across.values(), asked.up.values())
    about = {"side": found.tiles.shape[-1], "xs": found.xs.tolist(), "ys": found.ys.tolist()}
    return pack(about, sprite(found.tiles))


ANSWERS: tuple[Answer, ...] = (Answer("sheet", sheet, LONGEST_REQUEST, slow=True),)
